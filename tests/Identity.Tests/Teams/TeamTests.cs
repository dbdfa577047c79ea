using System.Net;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.Testing;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Identity.Tests.Teams;

public sealed class TeamTests : IAsyncLifetime
{
    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Team_CreatedChangedDeleted_IsToldAndRecorded()
    {
        var made = await _admin.PostAsync(
            "/v1/teams",
            new
            {
                slug = "blue",
                name = "Blue",
                description = "The first",
            }
        );
        made.ShouldBe(HttpStatusCode.Created);
        made.Location!.ToString().ShouldBe($"/v1/teams/{made.Id}");
        var path = $"/v1/teams/{made.Id}";

        var changed = await _admin.PutAsync(path, new { slug = "blue", name = "Navy" }, made.ETag);
        changed.ShouldBe(HttpStatusCode.OK)["name"].ShouldBe("Navy");
        var stale = await _admin.PutAsync(path, new { slug = "blue", name = "Sea" }, made.ETag);
        stale.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await _admin.PutAsync(path, new { slug = "blue", name = "Sea" })).Status.ShouldBe(
            HttpStatusCode.PreconditionRequired
        );
        (await _admin.GetAsync(path))["name"].ShouldBe("Navy");
        (await _admin.DeleteAsync(path, changed.ETag)).ShouldBe(HttpStatusCode.NoContent);
        (await _admin.GetAsync(path)).ShouldBe(HttpStatusCode.NotFound);

        await Eventually.HoldsAsync(
            () => _host.Events.Of<TeamChanged>().Count() == 3,
            "three events"
        );
        _host.Events.Of<TeamChanged>().Select(e => e.Deleted).ShouldBe([false, false, true]);
        _host
            .Events.All.Where(e => e.Type.EndsWith("TeamChanged", StringComparison.Ordinal))
            .ShouldAllBe(e => e.Topic == "apisvc.identity" && e.Key == made.Id);
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        var audit = await db.QueryAsync<(
            string Action,
            string Actor,
            string? Before,
            string? After
        )>(
            "select action, actor, before_state::text, after_state::text from service.audit_log where object_id = @id order by position",
            new { id = made.Id }
        );
        audit
            .Select(a => (a.Action, a.Actor))
            .ShouldBe([
                ("team.create", "admin"),
                ("team.update", "admin"),
                ("team.delete", "admin"),
            ]);
        audit.ElementAt(1).Before!.ShouldContain("Blue");
        audit.ElementAt(1).After!.ShouldContain("Navy");
    }

    [Fact]
    public async Task Create_SlugTaken_IsAConflict()
    {
        var first = await _admin.CreateTeamAsync("one");
        var second = await _admin.PostAsync("/v1/teams", new { slug = "two", name = "Two" });

        (await _admin.PostAsync("/v1/teams", new { slug = "one", name = "Again" }))
            .ShouldBe(HttpStatusCode.Conflict)["type"]
            .ShouldEndWith("slug-taken");
        (
            await _admin.PutAsync(
                $"/v1/teams/{second.Id}",
                new { slug = "one", name = "Two" },
                second.ETag
            )
        ).ShouldBe(HttpStatusCode.Conflict);
        first.ShouldStartWith("team_");
    }

    [Fact]
    public async Task Create_SameIdempotencyKey_MakesOneTeam()
    {
        var body = new { slug = "once", name = "Once" };

        var first = await _admin.PostAsync("/v1/teams", body, key: "k-1");
        var again = await _admin.PostAsync("/v1/teams", body, key: "k-1");

        again.ShouldBe(HttpStatusCode.Created).Id.ShouldBe(first.Id);
    }

    [Theory]
    [InlineData(
        """{"slug":"Not A Slug","name":"","colour":"red"}""",
        "#/slug",
        "#/name",
        "#/colour"
    )]
    [InlineData("""{"slug":7,"description":null}""", "#/slug", "#/description", "#/name")]
    [InlineData("""[]""", "#")]
    [InlineData("""{"slug":""", "#")]
    public async Task Create_Garbage_TellsAllViolations(string body, params string[] at)
    {
        var answer = await _admin.PostAsync("/v1/teams", (object)body);

        answer.ShouldBe(HttpStatusCode.BadRequest);
        answer
            .Body.GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetProperty("location").GetString())
            .ShouldBe(at, ignoreOrder: true);
        (await _admin.GetAsync("/v1/teams")).Body.GetProperty("items").GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task List_InPages_IsWhatTheCallerMayRead()
    {
        var teams = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            teams.Add(await _admin.CreateTeamAsync($"t{i}"));
        }

        var viewer = await _host.MemberAsync(_admin, teams[1], "viewer");

        var first = await _admin.GetAsync("/v1/teams?limit=2");
        var rest = await _admin.GetAsync($"/v1/teams?limit=2&cursor={first["nextCursor"]}");
        IdsOf(first).Concat(IdsOf(rest)).ShouldBe(teams);
        IdsOf(await viewer.GetAsync("/v1/teams")).ShouldBe([teams[1]]);
        (await viewer.GetAsync($"/v1/teams?limit=2&cursor={first["nextCursor"]}x")).ShouldBe(
            HttpStatusCode.BadRequest
        );
    }

    [Fact]
    public async Task Members_SetAndRemoved_AreUsersWithRolesOfTheTeam()
    {
        var team = await _admin.CreateTeamAsync("crew");
        var user = await _admin.PostAsync(
            "/v1/users",
            new
            {
                login = "ann",
                name = "Ann",
                email = "ann@example.org",
            }
        );
        var path = $"/v1/teams/{team}/members/{user.Id}";

        (await _admin.PutAsync(path, new { roles = new[] { "publisher" } }))
            .ShouldBe(HttpStatusCode.OK)["email"]
            .ShouldBe("ann@example.org");
        (await _admin.PutAsync(path, new { roles = new[] { "admin" } })).ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await _admin.PutAsync(path, new { roles = Array.Empty<string>() })).ShouldBe(
            HttpStatusCode.BadRequest
        );
        (await _admin.GetAsync($"/v1/teams/{team}/members"))
            .Body.GetProperty("items")[0]
            .GetProperty("roles")[0]
            .GetString()
            .ShouldBe("publisher");
        (await _admin.DeleteAsync(path)).ShouldBe(HttpStatusCode.NoContent);
        (await _admin.DeleteAsync(path)).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Grpc_TheSame_WithEtagsIdempotencyAndViolations()
    {
        var teams = new Contracts.Identity.V1.Teams.TeamsClient(_host.Grpc);
        var headers = _admin.Headers;
        var create = new CreateTeamRequest
        {
            Team = new Team { Slug = "rpc", Name = "Rpc" },
            IdempotencyKey = "k",
        };

        var made = await teams.CreateTeamAsync(create, headers);
        (await teams.CreateTeamAsync(create, headers)).Id.ShouldBe(made.Id);
        made.Name = "Changed";
        var changed = await teams.UpdateTeamAsync(new() { Team = made }, headers);
        var stale = await Should.ThrowAsync<RpcException>(async () =>
            await teams.UpdateTeamAsync(new() { Team = made }, headers)
        );
        var wrong = await Should.ThrowAsync<RpcException>(async () =>
            await teams.CreateTeamAsync(
                new()
                {
                    Team = new Team { Slug = "?", Name = "" },
                },
                headers
            )
        );

        stale.StatusCode.ShouldBe(StatusCode.Aborted);
        wrong.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        (await teams.GetTeamAsync(new() { Id = made.Id }, headers)).ShouldBe(changed);
        (await teams.ListTeamsAsync(new() { Limit = 10 }, headers)).Teams.ShouldBe([changed]);
        await teams.DeleteTeamAsync(new() { Id = made.Id, Etag = changed.Etag }, headers);
        (
            await Should.ThrowAsync<RpcException>(async () =>
                await teams.GetTeamAsync(new() { Id = made.Id }, headers)
            )
        ).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    private static IEnumerable<string> IdsOf(Answer list) =>
        list.ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("items")
            .EnumerateArray()
            .Select(t => t.GetProperty("id").GetString()!);
}
