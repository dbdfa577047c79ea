using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.Demo;

/// <summary>The management APIs, called as the administrator.</summary>
internal sealed class Management : IDisposable
{
    private readonly HttpClient _catalog;
    private readonly HttpClient _identity;
    private readonly DemoSettings _settings;

    private Management(DemoSettings settings, string catalogToken, string identityToken)
    {
        _settings = settings;
        _catalog = Client(settings.Catalog, catalogToken);
        _identity = Client(settings.Identity, identityToken);
    }

    public static async Task<Management> LogInAsync(DemoSettings settings) =>
        new(
            settings,
            await TokenAsync(settings, "catalog"),
            await TokenAsync(settings, "identity")
        );

    public Task<string> EnsureTeamAsync() =>
        EnsureAsync(
            _identity,
            "/v1/teams",
            team => Text(team, "slug") == "demo",
            "/v1/teams",
            new JsonObject
            {
                ["slug"] = "demo",
                ["name"] = "Demo",
                ["description"] = "A team to try things with.",
            }
        );

    public Task<string> EnsurePlanAsync(string team) =>
        EnsureAsync(
            _catalog,
            $"/v1/plans?teamId={team}",
            plan => Text(plan, "name") == "Free",
            $"/v1/teams/{team}/plans",
            new JsonObject
            {
                ["name"] = "Free",
                ["description"] = "Ten calls a second, ten thousand a day.",
                ["approval"] = "automatic",
                ["limits"] = new JsonArray(new JsonObject { ["rate"] = 10, ["burst"] = 20 }),
                ["quotas"] = new JsonArray(
                    new JsonObject { ["count"] = 10_000, ["window"] = "day" }
                ),
            }
        );

    public Task<string> EnsureApiAsync(string team) =>
        EnsureAsync(
            _catalog,
            $"/v1/apis?teamId={team}",
            api => Text(api, "slug") == "shop",
            $"/v1/teams/{team}/apis",
            new JsonObject
            {
                ["slug"] = "shop",
                ["name"] = "Shop",
                ["description"] = "Orders of a small shop.",
                ["category"] = "Samples",
                ["visibility"] = "allTeams",
            }
        );

    /// <summary>A published version.</summary>
    public async Task<string> EnsureVersionAsync(string api, string plan)
    {
        var version = await EnsureAsync(
            _catalog,
            $"/v1/apis/{api}/versions",
            v => Text(v, "name") == "v1",
            $"/v1/apis/{api}/versions",
            new JsonObject
            {
                ["name"] = "v1",
                ["basePath"] = DemoSettings.BasePath,
                ["planIds"] = new JsonArray(plan),
            }
        );
        var (document, _) = await GetAsync($"/v1/versions/{version}");
        if (Text(document!, "state") == "draft")
        {
            using var specification = new ByteArrayContent(
                await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "openapi.yaml"))
            );
            specification.Headers.ContentType = new MediaTypeHeaderValue("application/yaml");
            using var imported = await _catalog.PutAsync(
                $"/v1/apis/{api}/versions/v1/specification",
                specification
            );
            await ReadAsync(imported);
        }

        foreach (var state in (string[])["inReview", "approved", "published"])
        {
            var (now, tag) = await GetAsync($"/v1/versions/{version}");
            if (now!["nextStates"]!.AsArray().Any(s => (string?)s == state))
            {
                await SendAsync(
                    HttpMethod.Post,
                    $"/v1/versions/{version}/transitions",
                    new JsonObject { ["to"] = state },
                    tag
                );
            }
        }

        return version;
    }

    /// <summary>Deploys the version if it is not, or if the sample API is somewhere else now.</summary>
    public async Task EnsureDeployedAsync(string version)
    {
        var place = $"/v1/versions/{version}/environments/{DemoSettings.Environment}";
        var upstream = _settings.Upstream.ToString();
        var (binding, tag) = await GetAsync($"{place}/bindings/default");
        if (binding?["addresses"]?[0] is { } bound && Text(bound, "url") == upstream)
        {
            var (revisions, _) = await GetAsync($"{place}/revisions");
            if (revisions!["items"]!.AsArray().Any(r => (bool)r!["current"]!))
            {
                return;
            }
        }

        await SendAsync(
            HttpMethod.Put,
            $"{place}/bindings/default",
            new JsonObject { ["addresses"] = new JsonArray(new JsonObject { ["url"] = upstream }) },
            tag ?? "*"
        );
        await SendAsync(
            HttpMethod.Post,
            $"{place}/deploy?wait=all&timeout=30s",
            new JsonObject { ["comment"] = "The sample API" },
            ifMatch: null
        );
    }

    public Task<string> EnsureApplicationAsync(string team) =>
        EnsureAsync(
            _catalog,
            $"/v1/applications?teamId={team}",
            application => Text(application, "name") == "Till",
            $"/v1/teams/{team}/applications",
            new JsonObject
            {
                ["name"] = "Till",
                ["description"] = "An application that calls the shop.",
            }
        );

    public Task<string> EnsureSubscribedAsync(string application, string api, string plan) =>
        EnsureAsync(
            _catalog,
            $"/v1/subscriptions?applicationId={application}&state=active",
            subscription => Text(subscription, "apiId") == api,
            $"/v1/applications/{application}/subscriptions",
            new JsonObject
            {
                ["apiId"] = api,
                ["planId"] = plan,
                ["environment"] = DemoSettings.Environment,
                ["reason"] = "To try it.",
            }
        );

    public async Task<DemoResult> EnsureKeyAsync(string application)
    {
        if (ResultFile.Read(_settings.File) is { } kept && kept.ApplicationId == application)
        {
            return kept;
        }

        using var answer = await _identity.PostAsJsonAsync(
            $"/v1/applications/{application}/api-keys",
            new JsonObject { ["environment"] = DemoSettings.Environment, ["name"] = "demo" }
        );
        var key = await ReadAsync(answer);
        var result = new DemoResult(
            "demo",
            DemoSettings.BasePath,
            $"{DemoSettings.BasePath}/orders",
            Text(key, "secret"),
            application
        );
        ResultFile.Write(_settings.File, result);
        return result;
    }

    public void Dispose()
    {
        _catalog.Dispose();
        _identity.Dispose();
    }

    private static HttpClient Client(Uri address, string token)
    {
        var client = new HttpClient { BaseAddress = address };
        client.DefaultRequestHeaders.Authorization = new("Bearer", token);
        return client;
    }

    private static async Task<string> TokenAsync(DemoSettings settings, string audience)
    {
        using var client = new HttpClient { BaseAddress = settings.Identity };
        using var answer = await client.PostAsync(
            "/connect/token",
            new FormUrlEncodedContent([
                new("grant_type", "client_credentials"),
                new("client_id", "admin"),
                new("client_secret", settings.AdminSecret),
                new("audience", audience),
            ])
        );
        return Text(await ReadAsync(answer), "access_token");
    }

    // The id of the one that is there, or of a new one.
    private static async Task<string> EnsureAsync(
        HttpClient client,
        string list,
        Func<JsonNode, bool> isIt,
        string create,
        JsonObject body
    )
    {
        using var found = await client.GetAsync(list);
        if (
            (await ReadAsync(found))["items"]!.AsArray().FirstOrDefault(item => isIt(item!)) is
            { } it
        )
        {
            return Text(it, "id");
        }

        using var created = await client.PostAsJsonAsync(create, body);
        return Text(await ReadAsync(created), "id");
    }

    // With its entity tag; null if there is none.
    private async Task<(JsonNode? Document, string? Tag)> GetAsync(string path)
    {
        using var answer = await _catalog.GetAsync(path);
        return answer.StatusCode == HttpStatusCode.NotFound
            ? (null, null)
            : (await ReadAsync(answer), answer.Headers.ETag?.ToString());
    }

    private async Task SendAsync(HttpMethod method, string path, JsonObject body, string? ifMatch)
    {
        using var request = new HttpRequestMessage(method, path)
        {
            Content = JsonContent.Create(body),
        };
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await _catalog.SendAsync(request);
        await ReadAsync(answer);
    }

    private static async Task<JsonNode> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode
            ? JsonNode.Parse(text)!
            : throw new HttpRequestException(
                $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.PathAndQuery}: {(int)answer.StatusCode} {text}"
            );
    }

    private static string Text(JsonNode node, string name) => (string)node[name]!;
}
