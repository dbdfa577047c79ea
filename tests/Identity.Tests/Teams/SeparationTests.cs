using System.Net;
using System.Reflection;
using ApiSvc.Contracts.Identity.V1;
using Grpc.Core;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Identity.Tests.Teams;

/// <summary>Another team's owner, and a caller without rights, walk every endpoint that there is.</summary>
public sealed class SeparationTests : IAsyncLifetime
{
    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;
    private ApiCaller _stranger = null!;
    private Dictionary<string, string> _ids = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
        var team = await _admin.CreateTeamAsync("private");
        var other = await _admin.CreateTeamAsync("other");
        _stranger = await _host.MemberAsync(_admin, other, "owner");
        var application = _host.AddApplication(team);
        var key = await _admin.PostAsync(
            $"/v1/applications/{application}/api-keys",
            new { environment = "sandbox", name = "k" }
        );
        var client = await _admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new { environment = "sandbox", name = "c" }
        );
        var teamClient = await _admin.PostAsync(
            $"/v1/teams/{team}/clients",
            new { name = "tc", roles = new[] { "owner" } }
        );
        var users = await _admin.GetAsync("/v1/users");
        _ids = new()
        {
            ["teamId"] = team,
            ["applicationId"] = application,
            ["keyId"] = key.Body.GetProperty("apiKey").GetProperty("id").GetString()!,
            ["userId"] = users.Body.GetProperty("items")[0].GetProperty("id").GetString()!,
            ["oauth-clients"] = client
                .Body.GetProperty("client")
                .GetProperty("clientId")
                .GetString()!,
            ["team-clients"] = teamClient
                .Body.GetProperty("client")
                .GetProperty("clientId")
                .GetString()!,
        };
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Rest_AnotherTeamsOwner_GetsNothingAnywhere()
    {
        var walked = 0;
        foreach (var (method, path) in Routes())
        {
            var answer = await _stranger.SendAsync(new HttpMethod(method), path, etag: "*");

            var expected = path switch
            {
                // Their own lists, which hold nothing of the other's.
                "/v1/teams" when method == "GET" => HttpStatusCode.OK,
                "/v1/roles" => HttpStatusCode.OK,
                "/v1/teams" => HttpStatusCode.Forbidden,
                _ when path.StartsWith("/v1/users", StringComparison.Ordinal) =>
                    HttpStatusCode.Forbidden,
                _ => HttpStatusCode.NotFound,
            };
            answer.Status.ShouldBe(expected, $"{method} {path}: {answer.Text}");
            answer.Text.ShouldNotContain("private");
            foreach (var id in _ids.Values)
            {
                answer.Text.ShouldNotContain(id);
            }

            walked++;
        }

        walked.ShouldBeGreaterThan(20);
        (await _admin.GetAsync($"/v1/teams/{_ids["teamId"]}")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Rest_NoToken_IsRefusedEverywhere()
    {
        foreach (var (method, path) in Routes())
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            using var response = await _host.Http.SendAsync(request);

            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
        }
    }

    [Fact]
    public async Task Rest_ViewerOfTheTeam_ReadsAndChangesNothing()
    {
        var viewer = await _host.MemberAsync(_admin, _ids["teamId"], "viewer");
        foreach (var (method, path) in Routes())
        {
            var answer = await viewer.SendAsync(new HttpMethod(method), path, etag: "*");

            var isRead = method == "GET" && !path.StartsWith("/v1/users", StringComparison.Ordinal);
            answer.Status.ShouldBe(
                isRead ? HttpStatusCode.OK : HttpStatusCode.Forbidden,
                $"{method} {path}: {answer.Text}"
            );
        }
    }

    [Fact]
    public async Task Grpc_AnotherTeamsOwner_GetsNothingAnywhere()
    {
        var walked = 0;
        foreach (
            var service in new ClientBase[]
            {
                new Contracts.Identity.V1.Teams.TeamsClient(_host.Grpc),
                new Contracts.Identity.V1.Users.UsersClient(_host.Grpc),
                new Contracts.Identity.V1.TeamClients.TeamClientsClient(_host.Grpc),
                new ApplicationCredentials.ApplicationCredentialsClient(_host.Grpc),
            }
        )
        {
            foreach (
                var call in service
                    .GetType()
                    .GetMethods()
                    .Where(m =>
                        m.Name.EndsWith("Async", StringComparison.Ordinal)
                        && m.GetParameters().Length == 2
                    )
            )
            {
                var request = Activator.CreateInstance(call.GetParameters()[0].ParameterType)!;
                Fill(request, call.Name);
                var status = await StatusOfAsync(service, call, request);

                var expected = call.Name switch
                {
                    "ListTeamsAsync" => StatusCode.OK,
                    "CreateTeamAsync" => StatusCode.PermissionDenied,
                    _ when service is Contracts.Identity.V1.Users.UsersClient =>
                        StatusCode.PermissionDenied,
                    _ => StatusCode.NotFound,
                };
                status.ShouldBe(expected, call.Name);
                walked++;
            }
        }

        walked.ShouldBe(23);
    }

    [Theory]
    [InlineData("roles")]
    [InlineData("credentials")]
    public async Task Grpc_WatchesOfServices_AreForServicesOnly(string what)
    {
        using var roles = new Contracts.Identity.V1.Roles.RolesClient(_host.Grpc).WatchRoleTable(
            new(),
            _stranger.Headers
        );
        using var credentials = new Contracts.Credentials.V1.Credentials.CredentialsClient(
            _host.Grpc
        ).WatchCredentials(new() { Group = "sandbox", Node = "n" }, _stranger.Headers);

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            _ =
                what == "roles"
                    ? await roles.ResponseStream.MoveNext(CancellationToken.None)
                    : await credentials.ResponseStream.MoveNext(CancellationToken.None)
        );

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    [Fact]
    public async Task Escalation_ByConsumerOrOwner_IsRefused()
    {
        var consumer = await _host.MemberAsync(_admin, _ids["teamId"], "consumer");
        var owner = await _host.MemberAsync(_admin, _ids["teamId"], "owner");
        var path = $"/v1/teams/{_ids["teamId"]}/clients";

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

    // From the routes as they are mapped: a new endpoint is walked without being listed here.
    private IEnumerable<(string Method, string Path)> Routes() =>
        _host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.StartsWith("/v1/", StringComparison.Ordinal))
            .Select(e =>
                (
                    e.Metadata.GetRequiredMetadata<HttpMethodMetadata>().HttpMethods[0],
                    Fill(e.RoutePattern.RawText!.TrimEnd('/'))
                )
            )
            .ToList();

    private string Fill(string pattern)
    {
        foreach (var (name, id) in _ids)
        {
            pattern = pattern
                .Replace($"{{{name}}}", id)
                .Replace($"/{name}/{{clientId}}", $"/{name}/{id}");
        }

        return pattern;
    }

    private void Fill(object request, string call)
    {
        var client = _ids[
            call.Contains("TeamClient", StringComparison.Ordinal) ? "team-clients" : "oauth-clients"
        ];
        foreach (
            var (property, value) in new (string, string)[]
            {
                ("TeamId", _ids["teamId"]),
                ("UserId", _ids["userId"]),
                ("ApplicationId", _ids["applicationId"]),
                ("ClientId", client),
                ("Id", call.Contains("ApiKey") ? _ids["keyId"] : _ids["teamId"]),
            }
        )
        {
            request.GetType().GetProperty(property)?.SetValue(request, value);
        }

        if (request is UpdateTeamRequest update)
        {
            update.Team = new() { Id = _ids["teamId"] };
        }
    }

    private async Task<StatusCode> StatusOfAsync(ClientBase client, MethodInfo call, object request)
    {
        try
        {
            var made = call.Invoke(client, [request, new CallOptions(headers: _stranger.Headers)])!;
            await (Task)made.GetType().GetProperty("ResponseAsync")!.GetValue(made)!;
            return StatusCode.OK;
        }
        catch (RpcException e)
        {
            return e.StatusCode;
        }
    }
}
