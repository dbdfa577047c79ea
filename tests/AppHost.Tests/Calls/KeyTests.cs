using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>The life of API keys, from Identity to the gateway.</summary>
[Collection<OpenSuiteTests>]
public sealed class KeyTests(OpenSuite open, ITestOutputHelper output)
{
    private const string Path = "/demo/keys/orders";
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    private readonly Door _door = open.Door;

    [Fact]
    public async Task Keys_OfAnApplication_RotateExpireAndEndWithTheirTeam()
    {
        await open.Shop.ServeAsync(await open.Shop.DraftAsync("keys"));
        var team = await CreateAsync(
            "identity",
            "teams",
            new() { ["slug"] = "key-holders", ["name"] = "Key holders" }
        );
        var application = await CreateAsync(
            "catalog",
            $"teams/{team}/applications",
            new() { ["name"] = "Rotating" }
        );

        var (oldId, old) = await KeyAsync(application, new());
        await ServedAsync(old);
        var (_, fresh) = await KeyAsync(application, new());
        await ServedAsync(fresh);
        (await _door.StatusAsync(Path, old)).ShouldBe(HttpStatusCode.OK, "both are good at once");
        await _door.ManageAsync("identity", HttpMethod.Post, $"api-keys/{oldId}/revoke");
        await RefusedAsync(old, "revoked key");
        (await _door.StatusAsync(Path, fresh)).ShouldBe(HttpStatusCode.OK, "the other goes on");

        await BoundsAsync(application);
        await UsedAsync(oldId);

        var wrong = fresh[..^1] + (fresh[^1] == '0' ? '1' : '0');
        (await _door.StatusAsync(Path, wrong)).ShouldBe(HttpStatusCode.Unauthorized);

        await _door.ManageAsync("identity", HttpMethod.Delete, $"teams/{team}");
        await RefusedAsync(fresh, "key of a deleted team");
    }

    private async Task BoundsAsync(string application)
    {
        var ends = DateTimeOffset.UtcNow.AddSeconds(3);
        var (_, passing) = await KeyAsync(
            application,
            new() { ["expiresAt"] = ends.ToString("O") }
        );
        var (_, elsewhere) = await KeyAsync(
            application,
            new() { ["allowedNetworks"] = new JsonArray("203.0.113.0/24") }
        );
        var (_, here) = await KeyAsync(
            application,
            new() { ["allowedNetworks"] = new JsonArray("127.0.0.0/8", "::1/128") }
        );
        await ServedAsync(here);
        (await _door.StatusAsync(Path, elsewhere)).ShouldBe(HttpStatusCode.Forbidden);
        await Eventually.HoldsAsync(
            async () =>
                await _door.StatusAsync(Path, passing) == HttpStatusCode.Unauthorized
                && DateTimeOffset.UtcNow >= ends,
            "the key has expired"
        );
    }

    private async Task UsedAsync(string key) =>
        await Eventually.HoldsAsync(
            async () =>
                (await _door.ManageAsync("identity", HttpMethod.Get, $"api-keys/{key}"))[
                    "lastUsedAt"
                ]
                    is not null,
            "it is known when the key was used"
        );

    private async Task RefusedAsync(string key, string what)
    {
        var start = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(
            async () => await _door.StatusAsync(Path, key) == HttpStatusCode.Unauthorized,
            what
        );
        var time = Stopwatch.GetElapsedTime(start);
        output.WriteLine($"{what}: refused after {time.TotalMilliseconds:F0} ms");
        time.ShouldBeLessThan(Longest, what);
    }

    private Task ServedAsync(string key) =>
        Eventually.HoldsAsync(
            async () => await _door.StatusAsync(Path, key) == HttpStatusCode.OK,
            "the key is taken"
        );

    private async Task<string> CreateAsync(string service, string path, JsonObject body) =>
        (string)(await _door.ManageAsync(service, HttpMethod.Post, path, body))["id"]!;

    private async Task<(string Id, string Secret)> KeyAsync(string application, JsonObject bounds)
    {
        bounds["environment"] = "sandbox";
        bounds["name"] = "test";
        var made = await _door.ManageAsync(
            "identity",
            HttpMethod.Post,
            $"applications/{application}/api-keys",
            bounds
        );
        return ((string)made["apiKey"]!["id"]!, (string)made["secret"]!);
    }
}
