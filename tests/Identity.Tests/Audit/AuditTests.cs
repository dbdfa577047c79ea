using System.Net;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Commands;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.Identity.Tests.Audit;

/// <summary>Every change is in the audit log, under its name, and the log says when it was touched.</summary>
public sealed class AuditTests : IAsyncLifetime
{
    // By endpoint, so that a new one that changes something has to be named here.
    private static readonly Dictionary<string, string> Actions = new()
    {
        ["POST /v1/teams"] = "team.create",
        ["PUT /v1/teams/{teamId}"] = "team.update",
        ["DELETE /v1/teams/{teamId}"] = "team.delete",
        ["PUT /v1/teams/{teamId}/members/{userId}"] = "member.set",
        ["DELETE /v1/teams/{teamId}/members/{userId}"] = "member.remove",
        ["POST /v1/teams/{teamId}/clients"] = "team-client.create",
        ["POST /v1/team-clients/{clientId}/revoke"] = "team-client.revoke",
        ["POST /v1/users"] = "user.create",
        ["PUT /v1/users/{userId}"] = "user.update",
        ["DELETE /v1/users/{userId}"] = "user.delete",
        ["POST /v1/roles"] = "role.create",
        ["PUT /v1/roles/{name}"] = "role.update",
        ["DELETE /v1/roles/{name}"] = "role.delete",
        ["POST /v1/signing-keys/rotate"] = "signing-key.sign",
        ["POST /v1/signing-keys/{keyId}/revoke"] = "signing-key.revoke",
        ["POST /v1/applications/{applicationId}/api-keys"] = "api-key.create",
        ["POST /v1/api-keys/{keyId}/revoke"] = "api-key.revoke",
        ["POST /v1/applications/{applicationId}/oauth-clients"] = "oauth-client.create",
        ["PUT /v1/oauth-clients/{clientId}"] = "oauth-client.update",
        ["POST /v1/oauth-clients/{clientId}/revoke-tokens"] = "oauth-client.revoke-tokens",
        ["POST /v1/oauth-clients/{clientId}/revoke"] = "oauth-client.revoke",
        [$"POST {RevocationEndpoint.Path}"] = "access-token.revoke",
    };

    // They need people at a browser: the tests of each look at its entries.
    private static readonly string[] ShownByTheirOwnTests =
    [
        "POST /v1/users/{userId}/disable",
        "POST /v1/users/{userId}/enable",
        "DELETE /v1/users/{userId}/second-factor",
        "POST /v1/teams/{teamId}/invitations",
        "DELETE /v1/teams/{teamId}/invitations/{invitationId}",
        "POST /v1/registrations/{registrationId}/approve",
        "POST /v1/registrations/{registrationId}/reject",
    ];

    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public void Endpoints_ThatChangeSomething_AreAllNamedHere() =>
        _host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .SelectMany(e =>
                e.Metadata.GetRequiredMetadata<HttpMethodMetadata>()
                    .HttpMethods.Select(m => $"{m} {e.RoutePattern.RawText!.TrimEnd('/')}")
            )
            .Where(e => !e.StartsWith("GET ", StringComparison.Ordinal))
            .Append($"POST {RevocationEndpoint.Path}")
            .ShouldBe(Actions.Keys.Concat(ShownByTheirOwnTests), ignoreOrder: true);

    [Fact]
    public async Task Changes_OfEveryKind_AreRecordedWithActorAndTeam()
    {
        var first = await CountAsync();

        var team = await ChangeEverythingAsync();

        await using var db = new NpgsqlConnection(_host.ConnectionString);
        var entries = (
            await db.QueryAsync<(string Action, string Actor, Guid? Team)>(
                "select action, actor, team from service.audit_log where position > @first order by position",
                new { first }
            )
        ).AsList();
        entries
            .Select(e => e.Action)
            .Distinct()
            // Where one has gone, another is made.
            .ShouldBe(Actions.Values.Append("signing-key.create"), ignoreOrder: true);
        var own = Id<TeamKind>.Parse(team).Value;
        entries
            .Where(e =>
                e.Action.Split('.')[0] is not ("user" or "role" or "signing-key" or "access-token")
            )
            .ShouldAllBe(e => e.Team == own && e.Actor == "admin");
        entries
            .Where(e => e.Action.Split('.')[0] is "user" or "role" or "signing-key")
            .ShouldAllBe(e => e.Team == null);
        (await VerifyAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task FirstStart_OfAnInstallation_IsRecordedAsTheServicesOwn()
    {
        await using var host = await IdentityHost.StartReadyAsync(
            null,
            // Without an administrator in the configuration one is made.
            ("Issuer:Clients:admin:Roles:0", "operator")
        );

        await using var db = new NpgsqlConnection(host.ConnectionString);
        var entries = await db.QueryAsync<(string Action, string Kind, string Actor)>(
            "select action, actor_kind, actor from service.audit_log"
        );
        entries
            .Distinct()
            .ShouldBe(
                [
                    ("signing-key.create", "system", "identity"),
                    ("role-table.update", "system", "identity"),
                    ("user.create", "system", "identity"),
                    ("platform-client.create", "system", "identity"),
                ],
                ignoreOrder: true
            );
    }

    [Fact]
    public async Task DeletedApplication_ItsCredentials_AreRecordedAsRevoked()
    {
        var team = await _admin.CreateTeamAsync("leaving");
        var application = _host.AddApplication(team);
        await _admin.CreateKeyAsync(application);
        await _admin.CreateClientAsync(application);
        var first = await CountAsync();

        await _host.DeleteApplicationAsync(application, team);

        await using var db = new NpgsqlConnection(_host.ConnectionString);
        (
            await db.QueryAsync<(string, Guid?)>(
                "select action, team from service.audit_log where position > @first order by 1",
                new { first }
            )
        ).ShouldBe([
            ("api-key.revoke", Id<TeamKind>.Parse(team).Value),
            ("oauth-client.revoke", Id<TeamKind>.Parse(team).Value),
        ]);
    }

    [Fact]
    public async Task Refusals_OfEveryKind_LeaveNoEntryOfAChange()
    {
        await _admin.CreateTeamAsync("taken");
        var first = await CountAsync();

        await _admin.PostAsync("/v1/teams", new { slug = "taken", name = "Taken" });
        await _admin.PostAsync("/v1/teams", new { slug = "?", name = "" });
        await _admin.DeleteAsync("/v1/users/nobody", "*");

        (await CountAsync()).ShouldBe(first);
    }

    [Theory]
    [InlineData("update service.audit_log set actor = 'somebody' where position = @position")]
    [InlineData("delete from service.audit_log where position = @position")]
    public async Task VerifyAudit_OfATamperedRow_FindsIt(string tampering)
    {
        await ChangeEverythingAsync();
        var position = await CountAsync() / 2;
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        await db.OpenAsync();

        await Should.ThrowAsync<PostgresException>(() =>
            db.ExecuteAsync(tampering, new { position })
        );
        (await VerifyAsync()).ShouldBe(0);
        // Whoever owns the database can do it all the same.
        await db.ExecuteAsync("alter table service.audit_log disable trigger all");
        await db.ExecuteAsync(tampering, new { position });

        (await VerifyAsync()).ShouldBe(1);
    }

    private async Task<string> ChangeEverythingAsync()
    {
        var team = await _admin.CreateTeamAsync("all");
        await ChangeRolesAsync();
        await ChangeKeysAsync();
        var user = new
        {
            login = "ann",
            name = "Ann",
            email = "ann@example.org",
        };
        var ann = (await _admin.PostAsync("/v1/users", user)).Id;
        await OkAsync(_admin.PutAsync($"/v1/users/{ann}", user, "*"));
        var member = $"/v1/teams/{team}/members/{ann}";
        await OkAsync(_admin.PutAsync(member, new { roles = new[] { "owner" } }));
        await OkAsync(_admin.DeleteAsync(member));
        await OkAsync(_admin.DeleteAsync($"/v1/users/{ann}", "*"));
        var tool = await _admin.PostAsync(
            $"/v1/teams/{team}/clients",
            new { name = "tool", roles = new[] { "viewer" } }
        );
        var toolId = tool.Body.GetProperty("client").GetProperty("clientId").GetString();
        await OkAsync(_admin.PostAsync($"/v1/team-clients/{toolId}/revoke"));

        var application = _host.AddApplication(team);
        var (key, _) = await _admin.CreateKeyAsync(application);
        var (client, secret) = await _admin.CreateClientAsync(application);
        await _host.RevokeAsync(client, secret, await _host.TokenAsync(client, secret));
        await OkAsync(_admin.PostAsync($"/v1/api-keys/{key}/revoke"));
        await OkAsync(
            _admin.PutAsync(
                $"/v1/oauth-clients/{client}",
                new { environment = "sandbox", name = "c" },
                "*"
            )
        );
        await OkAsync(_admin.PostAsync($"/v1/oauth-clients/{client}/revoke-tokens"));
        await OkAsync(_admin.PostAsync($"/v1/oauth-clients/{client}/revoke"));
        await OkAsync(
            _admin.PutAsync($"/v1/teams/{team}", new { slug = "all", name = "All" }, "*")
        );
        await OkAsync(_admin.DeleteAsync($"/v1/teams/{team}", "*"));
        return team;
    }

    private async Task ChangeRolesAsync()
    {
        var role = new
        {
            name = "readers",
            reach = "team",
            permissions = new[] { "apis.read" },
        };
        (await _admin.PostAsync("/v1/roles", role)).ShouldBe(HttpStatusCode.Created);
        await OkAsync(_admin.PutAsync("/v1/roles/readers", role, "*"));
        await OkAsync(_admin.DeleteAsync("/v1/roles/readers", "*"));
    }

    private async Task ChangeKeysAsync()
    {
        await OkAsync(_admin.PostAsync("/v1/signing-keys/rotate"));
        var keys = await _admin.GetAsync("/v1/signing-keys");
        var next = keys
            .Body.GetProperty("items")
            .EnumerateArray()
            .Last(k => k.GetProperty("phase").GetString() == "next");
        await OkAsync(_admin.PostAsync($"/v1/signing-keys/{next.GetProperty("keyId")}/revoke"));
    }

    private static async Task OkAsync(Task<Answer> call)
    {
        var answer = await call;
        answer.Status.ShouldBeOneOf(HttpStatusCode.OK, HttpStatusCode.NoContent);
    }

    private async Task<long> CountAsync()
    {
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        return await db.ExecuteScalarAsync<long>("select count(*) from service.audit_log");
    }

    private async Task<int> VerifyAsync()
    {
        await using var scope = _host.Services.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetServices<IServiceCommand>()
            .Single(c => c.Name == "verify-audit")
            .RunAsync(CancellationToken.None);
    }
}
