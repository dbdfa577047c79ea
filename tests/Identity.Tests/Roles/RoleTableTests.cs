using System.Net;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.Testing;
using Dapper;
using Grpc.Core;
using Npgsql;
using RoleTableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Tests.Roles;

/// <summary>The role table as services get it, and what they do with it.</summary>
public sealed class RoleTableTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private IdentityHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IdentityHost.StartReadyAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Watch_FromNothing_GivesTheTableAndThenEachChange()
    {
        using var watch = await WatchAsync(haveVersion: 0);

        var first = await NextAsync(watch);
        first.Version.ShouldBe(1ul);
        first
            .Roles.Select(r => r.Name)
            .ShouldBe(BuiltInRoles.All.Select(r => r.Name), ignoreOrder: true);
        Viewer(first).Scope.ShouldBe(RoleScope.Team);
        Viewer(first).Permissions.ShouldNotContain("teams.write");

        await ChangeAsync(_host);

        var second = await NextAsync(watch);
        second.Version.ShouldBe(2ul);
        Viewer(second).Permissions.ShouldContain("teams.write");
    }

    [Fact]
    public async Task Watch_WithTheNewestVersion_SaysNothingUntilItChanges()
    {
        using var watch = await WatchAsync(haveVersion: 1);

        await ChangeAsync(_host);

        (await NextAsync(watch)).Version.ShouldBe(2ul);
    }

    [Fact]
    public async Task Change_InIdentityItself_HoldsForTheNextCalls()
    {
        var admin = await _host.AdminAsync();
        var team = await admin.CreateTeamAsync("crew");
        var viewer = await _host.MemberAsync(admin, team, "viewer");
        var path = $"/v1/teams/{team}";
        var input = new { slug = "crew", name = "Crew" };
        (await viewer.PutAsync(path, input, "*")).ShouldBe(HttpStatusCode.Forbidden);

        await ChangeAsync(_host);

        await Eventually.GetAsync(
            () => viewer.PutAsync(path, input, "*"),
            answer => answer.Status == HttpStatusCode.OK
        );
    }

    [Fact]
    public async Task Change_InAServiceThatFollows_HoldsAndStaysWhenIdentityGoes()
    {
        await using var identity = await IdentityHost.StartReadyAsync();
        await using var service = await FollowingService.StartAsync(identity);
        var roles = service.Roles;
        // Of its own it would be the built-in one for good.
        roles.Current.Grants("viewer", "teams.write").ShouldBeFalse();

        await ChangeAsync(identity);
        await Eventually.HoldsAsync(
            () => roles.Current.Grants("viewer", "teams.write"),
            "the service has the new table"
        );

        await identity.StopAsync();
        roles.Current.Grants("viewer", "teams.write").ShouldBeTrue();
        roles.Current.Grants("viewer", "teams.create").ShouldBeFalse();
    }

    // As the first steps of another build, with other built-in roles, would.
    private static async Task ChangeAsync(IdentityHost identity)
    {
        await using var db = new NpgsqlConnection(identity.ConnectionString);
        await db.ExecuteAsync(
            """
            begin;
            update roles set permissions = permissions || '{teams.write}' where name = 'viewer';
            update role_table_head set version = version + 1;
            notify identity_role_table;
            commit
            """
        );
    }

    private async Task<AsyncServerStreamingCall<RoleTableMessage>> WatchAsync(ulong haveVersion)
    {
        var service = await _host.CallerAsync("catalog", IdentityHost.Secret);
        return new Contracts.Identity.V1.Roles.RolesClient(_host.Grpc).WatchRoleTable(
            new() { HaveVersion = haveVersion },
            service.Headers
        );
    }

    private static async Task<RoleTableMessage> NextAsync(
        AsyncServerStreamingCall<RoleTableMessage> watch
    )
    {
        (
            await watch.ResponseStream.MoveNext(CancellationToken.None).WaitAsync(Patience)
        ).ShouldBeTrue();
        return watch.ResponseStream.Current;
    }

    private static Role Viewer(RoleTableMessage table) =>
        table.Roles.Single(r => r.Name == "viewer");
}
