using System.Net;
using ApiSvc.AccessWalk;
using ApiSvc.Testing;

namespace ApiSvc.Identity.Tests.Teams;

/// <summary>What a team has is its own, at every endpoint.</summary>
public sealed class SeparationTests : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/Identity.Tests/Teams"
    );

    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Endpoints_ByEverybody_AnswerAsTheReviewedTableSays()
    {
        var scene = await TeamScene.OpenAsync(_host, _admin);

        var faults = await new ServiceWalk(_host.Services, _host.Http, _host.Grpc, scene).RunAsync(
            Path.Combine(Folder, "access.json"),
            Path.Combine(Folder, "access.txt")
        );

        faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task Escalation_ByConsumerOrOwner_IsRefused()
    {
        var team = await _admin.CreateTeamAsync("climbers");
        var consumer = await _host.MemberAsync(_admin, team, "consumer");
        var owner = await _host.MemberAsync(_admin, team, "owner");
        var path = $"/v1/teams/{team}/clients";

        (await consumer.PostAsync(path, new { name = "x", roles = new[] { "owner" } })).ShouldBe(
            HttpStatusCode.Forbidden
        );
        (await owner.PostAsync(path, new { name = "x", roles = new[] { "admin" } })).ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await owner.PostAsync(path, new { name = "x", roles = new[] { "service" } })).ShouldBe(
            HttpStatusCode.BadRequest
        );
    }
}
