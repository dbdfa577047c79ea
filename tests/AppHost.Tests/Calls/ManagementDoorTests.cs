using System.Buffers.Binary;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>
/// Teams stay apart also through the gateway's own door to the management APIs, REST and gRPC; each service's tests walk
/// all of its endpoints.
/// </summary>
[Collection<OpenSuiteTests>]
public sealed class ManagementDoorTests(OpenSuite open)
{
    // Who is answered what: nobody, another team's owner, a viewer of the team, the administrator.
    private static readonly (string Call, int[] Statuses)[] Rest =
    [
        ("GET catalog/v1/applications/{application}", [401, 404, 200, 200]),
        // The API and its plan are offered to all teams, to be read.
        ("GET catalog/v1/apis/{api}", [401, 200, 200, 200]),
        ("GET catalog/v1/plans/{plan}", [401, 200, 200, 200]),
        ("GET catalog/v1/teams/{team}/policies", [401, 404, 200, 200]),
        ("GET catalog/v1/teams/{team}/rules", [401, 404, 200, 200]),
        ("PUT catalog/v1/teams/{team}/rules", [401, 404, 403, 200]),
        ("GET catalog/v1/environments/sandbox/nodes", [401, 403, 403, 200]),
        ("PUT catalog/v1/applications/{application}", [401, 404, 403, 200]),
        ("DELETE catalog/v1/apis/{api}", [401, 403, 403, 409]),
        ("GET identity/v1/teams/{team}", [401, 404, 200, 200]),
        ("GET identity/v1/teams/{team}/members", [401, 404, 200, 200]),
        ("GET identity/v1/applications/{application}/api-keys", [401, 404, 200, 200]),
        ("POST identity/v1/applications/{application}/oauth-clients", [401, 404, 403, 201]),
        ("GET identity/v1/users", [401, 403, 403, 200]),
    ];

    // gRPC's codes: 0 OK, 5 NOT_FOUND, 7 PERMISSION_DENIED, 16 UNAUTHENTICATED.
    private static readonly (string Method, string Id, int[] Codes)[] Grpc =
    [
        ("catalog.v1.Applications/GetApplication", "application", [16, 5, 0, 0]),
        ("catalog.v1.Plans/GetPlan", "plan", [16, 0, 0, 0]),
        ("catalog.v1.Apis/DeleteApi", "api", [16, 7, 7, 3]),
        ("identity.v1.Teams/GetTeam", "team", [16, 5, 0, 0]),
        ("identity.v1.ApplicationCredentials/ListApiKeys", "application", [16, 5, 0, 0]),
        ("identity.v1.Users/GetUser", "team", [16, 7, 7, 5]),
    ];

    [Fact]
    public async Task Endpoints_ByEverybody_AnswerByTheSameRules()
    {
        var ids = await IdsAsync();
        var stranger = await MemberAsync(await NewTeamAsync(), "owner");
        var viewer = await MemberAsync(open.Shop.Team, "viewer");
        foreach (var (call, statuses) in Rest)
        {
            var service = call.Split(' ')[1].Split('/')[0];
            foreach (var (i, token) in (await TokensAsync(service, stranger, viewer)).Index())
            {
                using var answer = await SendAsync(call, ids, token);
                var text = await answer.Content.ReadAsStringAsync();
                ((int)answer.StatusCode).ShouldBe(statuses[i], $"{call} by {i}: {text}");
                if (!answer.IsSuccessStatusCode)
                {
                    answer.Content.Headers.ContentType!.MediaType.ShouldBe(
                        "application/problem+json"
                    );
                    ((string)JsonNode.Parse(text)!["type"]!).ShouldStartWith(
                        "https://apisvc.dev/problems/"
                    );
                }
            }
        }

        foreach (var (method, id, codes) in Grpc)
        {
            var service = method.Split('.')[0];
            foreach (var (i, token) in (await TokensAsync(service, stranger, viewer)).Index())
            {
                (await CodeAsync($"/apisvc.{method}", ids[id], token)).ShouldBe(
                    codes[i],
                    $"{method} by {i}"
                );
            }
        }
    }

    [Theory]
    [InlineData("/apisvc.gateway_config.v1.GatewayConfig/WatchConfig")]
    [InlineData("/apisvc.credentials.v1.Credentials/WatchCredentials")]
    [InlineData("/apisvc.sync.v1.Anything/At")]
    public async Task Streams_OfTheSuiteItself_AreNotOutside(string method)
    {
        // UNIMPLEMENTED: there is nothing of that name at the gateway.
        (
            await CodeAsync(method, "sandbox", await open.Suite.TokenAsync("gateway", "catalog"))
        ).ShouldBe(12);
    }

    private async Task<Dictionary<string, string>> IdsAsync()
    {
        var applications = await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Get,
            $"applications?teamId={open.Shop.Team}"
        );
        return new()
        {
            ["team"] = open.Shop.Team,
            ["api"] = open.Shop.Api,
            ["plan"] = open.Shop.Plan,
            ["application"] = (string)applications["items"]![0]!["id"]!,
            ["name"] = (string)applications["items"]![0]!["name"]!,
        };
    }

    private async Task<string> NewTeamAsync() =>
        (string)
            (
                await open.Door.ManageAsync(
                    "identity",
                    HttpMethod.Post,
                    "teams",
                    new JsonObject { ["slug"] = $"t-{Guid.NewGuid():n}", ["name"] = "Strangers" }
                )
            )["id"]!;

    private async Task<TokenClient> MemberAsync(string team, string role)
    {
        var made = await open.Door.ManageAsync(
            "identity",
            HttpMethod.Post,
            $"teams/{team}/clients",
            new JsonObject { ["name"] = role, ["roles"] = new JsonArray(role) }
        );
        return new(open, (string)made["client"]!["clientId"]!, (string)made["clientSecret"]!);
    }

    private async Task<string?[]> TokensAsync(
        string service,
        TokenClient stranger,
        TokenClient viewer
    ) =>
        [
            null,
            await stranger.TokenAsync(audience: service),
            await viewer.TokenAsync(audience: service),
            await open.Suite.TokenAsync("admin", service),
        ];

    private async Task<HttpResponseMessage> SendAsync(
        string call,
        Dictionary<string, string> ids,
        string? token
    )
    {
        var (method, path) = (call.Split(' ')[0], call.Split(' ')[1]);
        foreach (var (name, id) in ids)
        {
            path = path.Replace($"{{{name}}}", id, StringComparison.Ordinal);
        }

        using var request = new HttpRequestMessage(new HttpMethod(method), $"/apisvc/{path}")
        {
            Version = HttpVersion.Version20,
            Headers = { Authorization = Bearer(token) },
        };
        if (method is "PUT" or "DELETE")
        {
            request.Headers.IfMatch.Add(EntityTagHeaderValue.Any);
        }

        if (method is "PUT" or "POST")
        {
            request.Content = new StringContent(
                BodyOf(path, ids["name"]).ToJsonString(),
                Encoding.UTF8,
                "application/json"
            );
        }

        return await open.Door.Client.SendAsync(request);
    }

    // What leaves things as they are.
    private static JsonObject BodyOf(string path, string application) =>
        path.EndsWith("/oauth-clients", StringComparison.Ordinal)
            ? new() { ["environment"] = "sandbox", ["name"] = "door" }
        : path.EndsWith("/rules", StringComparison.Ordinal) ? new() { ["review"] = "automatic" }
        : new() { ["name"] = application };

    // A request whose first field is an id, framed as gRPC over HTTP/2 has it; its status is in the trailers, or in the
    // headers where there is nothing else.
    private async Task<int> CodeAsync(string method, string id, string? token)
    {
        var text = Encoding.ASCII.GetBytes(id);
        byte[] frame = [0, 0, 0, 0, 0, 0x0a, (byte)text.Length, .. text];
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), text.Length + 2);
        using var request = new HttpRequestMessage(HttpMethod.Post, method)
        {
            Version = HttpVersion.Version20,
            Content = new ByteArrayContent(frame)
            {
                Headers = { ContentType = new("application/grpc") },
            },
            Headers = { Authorization = Bearer(token), TE = { new("trailers") } },
        };
        using var answer = await open.Door.Client.SendAsync(request);
        await answer.Content.ReadAsByteArrayAsync();
        var status = answer.TrailingHeaders.TryGetValues("grpc-status", out var trailer)
            ? trailer
            : answer.Headers.GetValues("grpc-status");
        return int.Parse(status.Single(), System.Globalization.CultureInfo.InvariantCulture);
    }

    private static AuthenticationHeaderValue? Bearer(string? token) =>
        token is null ? null : new("Bearer", token);
}
