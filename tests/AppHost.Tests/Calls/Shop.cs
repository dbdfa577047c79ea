using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The sample API, and versions and applications made beside it.</summary>
internal sealed class Shop
{
    private readonly Door _door;
    private int _made;

    private Shop(Door door, string team, string api, string plan, string upstream, string key)
    {
        _door = door;
        (Team, Api, Plan, Upstream, Key) = (team, api, plan, upstream, key);
    }

    public const string Orders = "/demo/shop/orders";

    public string Team { get; }

    public string Api { get; }

    public string Plan { get; }

    public string Upstream { get; }

    /// <summary>The sample application's.</summary>
    public string Key { get; }

    public static async Task<Shop> OpenAsync(Suite suite, Door door)
    {
        var demo = await suite.DemoAsync();
        var team = await FirstAsync(door, "identity", "teams");
        return new(
            door,
            team,
            await FirstAsync(door, "catalog", $"apis?teamId={team}"),
            await FirstAsync(door, "catalog", $"plans?teamId={team}"),
            suite.Address("shop", "http"),
            (string)demo["apiKey"]!
        );
    }

    /// <summary>An API of its own at <c>/demo/{slug}</c>, published and deployed; its version's id.</summary>
    public async Task<string> PublishAsync(string slug, string plan)
    {
        var version = await DraftAsync(slug, plan);
        await ServeAsync(version);
        return version;
    }

    /// <summary>Publishes a version and has it served by the sandbox, with the sample as its upstream.</summary>
    public async Task ServeAsync(string version)
    {
        await PublishVersionAsync(version);
        await BindAsync(version, Upstream);
        await DeployAsync(version, "?wait=all&timeout=10s");
    }

    /// <summary>Takes a draft to where it is published.</summary>
    public async Task PublishVersionAsync(string version)
    {
        foreach (var state in (string[])["inReview", "approved", "published"])
        {
            var now = await _door.ManageAsync("catalog", HttpMethod.Get, $"versions/{version}");
            if (now["nextStates"]!.AsArray().Any(s => (string?)s == state))
            {
                await MoveAsync(version, state);
            }
        }
    }

    /// <summary>An API of its own at <c>/demo/{slug}</c>, with a version that is neither published nor deployed.</summary>
    /// <param name="slug">Its name.</param>
    /// <param name="plan">Null: any key is good for it.</param>
    /// <param name="selector">How a request names the version, where it is not the only one.</param>
    /// <param name="api">Where it is to be another version of that.</param>
    public async Task<string> DraftAsync(
        string slug,
        string? plan = null,
        JsonObject? selector = null,
        string? api = null
    )
    {
        var body = new JsonObject
        {
            ["name"] = $"v{++_made}",
            ["basePath"] = $"/demo/{slug}",
            ["planIds"] = plan is null ? [] : new JsonArray(plan),
            ["onlyOperations"] = false,
        };
        if (selector is not null)
        {
            body["selector"] = selector;
        }

        api ??= await NewApiAsync(slug);
        return await CreateAsync($"apis/{api}/versions", body);
    }

    public Task BindAsync(string version, string url) =>
        _door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"versions/{version}/environments/sandbox/bindings/default",
            new JsonObject { ["addresses"] = new JsonArray(new JsonObject { ["url"] = url }) }
        );

    public Task SetPoliciesAsync(string version, params JsonObject[] policies) =>
        _door.ManageAsync(
            "catalog",
            HttpMethod.Put,
            $"versions/{version}/policies",
            new JsonObject { ["policies"] = new JsonArray([.. policies]) }
        );

    /// <summary>Makes a revision of what the version is now.</summary>
    /// <param name="version">Which.</param>
    /// <param name="wait">Such as <c>?wait=all&amp;timeout=10s</c>.</param>
    public Task<JsonNode> DeployAsync(string version, string wait = "") =>
        _door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"versions/{version}/environments/sandbox/deploy{wait}",
            new JsonObject()
        );

    public Task<JsonNode> MoveAsync(string version, string state, JsonObject? more = null)
    {
        var body = more ?? [];
        body["to"] = state;
        return _door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"versions/{version}/transitions",
            body
        );
    }

    public async Task<string> ApiOfAsync(string version) =>
        (string)
            (await _door.ManageAsync("catalog", HttpMethod.Get, $"versions/{version}"))["apiId"]!;

    /// <summary>An API without versions.</summary>
    public Task<string> NewApiAsync(string? slug = null)
    {
        slug ??= $"api-{++_made}";
        return CreateAsync(
            $"teams/{Team}/apis",
            new JsonObject { ["slug"] = slug, ["name"] = slug }
        );
    }

    public Task<string> NewPlanAsync(string approval) =>
        CreateAsync(
            $"teams/{Team}/plans",
            new JsonObject { ["name"] = $"Plan {++_made}", ["approval"] = approval }
        );

    /// <summary>An application with a key, subscribed to an API.</summary>
    public async Task<(
        string Application,
        string Subscription,
        string KeyId,
        string Key
    )> SubscribeAsync(string api, string plan)
    {
        var (application, keyId, key) = await NewApplicationAsync();
        var subscription = await CreateAsync(
            $"applications/{application}/subscriptions",
            new JsonObject
            {
                ["apiId"] = api,
                ["planId"] = plan,
                ["environment"] = "sandbox",
            }
        );
        return (application, subscription, keyId, key);
    }

    /// <summary>An application with a key, not subscribed to anything.</summary>
    public async Task<(string Application, string KeyId, string Key)> NewApplicationAsync()
    {
        var application = await CreateAsync(
            $"teams/{Team}/applications",
            new JsonObject { ["name"] = $"Application {++_made}" }
        );
        var key = await _door.ManageAsync(
            "identity",
            HttpMethod.Post,
            $"applications/{application}/api-keys",
            new JsonObject { ["environment"] = "sandbox", ["name"] = "test" }
        );
        return (application, (string)key["apiKey"]!["id"]!, (string)key["secret"]!);
    }

    /// <summary>Creates something of the Catalog's; its id.</summary>
    public async Task<string> CreateAsync(string path, JsonObject body) =>
        (string)(await _door.ManageAsync("catalog", HttpMethod.Post, path, body))["id"]!;

    private static async Task<string> FirstAsync(Door door, string service, string path) =>
        (string)(await door.ManageAsync(service, HttpMethod.Get, path))["items"]![0]!["id"]!;
}
