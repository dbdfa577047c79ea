using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>A role that administrators make, in every service.</summary>
[Collection<OpenSuiteTests>]
public sealed class RoleTests(OpenSuite open, ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task Change_OfARole_HoldsInEveryServiceWithinASecond()
    {
        var team = open.Shop.Team;
        (string Service, string Path, string Permission)[] reads =
        [
            ("catalog", $"teams/{team}/policies", "policies.read"),
            ("identity", $"teams/{team}/members", "members.read"),
            ("analytics", $"teams/{team}/audit", "audit.read"),
        ];
        await ManageAsync(HttpMethod.Post, "roles", RoleOf("roles.read"));
        var made = await ManageAsync(
            HttpMethod.Post,
            $"teams/{team}/clients",
            new() { ["name"] = "test", ["roles"] = new JsonArray("walker") }
        );
        var (client, secret) = (
            (string)made["client"]!["clientId"]!,
            (string)made["clientSecret"]!
        );
        var tokens = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (service, path, _) in reads)
        {
            tokens[service] = await open.Suite.TokenAsync(client, secret, service);
            await UntilAsync(tokens[service], service, path, HttpStatusCode.Forbidden);
        }

        foreach (var status in (HttpStatusCode[])[HttpStatusCode.OK, HttpStatusCode.Forbidden])
        {
            await ManageAsync(
                HttpMethod.Put,
                "roles/walker",
                RoleOf(
                    status == HttpStatusCode.OK
                        ? [.. reads.Select(r => r.Permission)]
                        : ["roles.read"]
                )
            );
            var start = Stopwatch.GetTimestamp();
            foreach (var (service, path, _) in reads)
            {
                // With the token that it had before.
                await UntilAsync(tokens[service], service, path, status);
                var time = Stopwatch.GetElapsedTime(start);
                output.WriteLine($"{service}: {status} after {time.TotalMilliseconds:F0} ms");
                time.ShouldBeLessThan(Longest, service);
            }
        }
    }

    private static JsonObject RoleOf(params string[] permissions) =>
        new()
        {
            ["name"] = "walker",
            ["reach"] = "team",
            ["permissions"] = new JsonArray([.. permissions.Select(p => (JsonNode)p)]),
        };

    private Task UntilAsync(string token, string service, string path, HttpStatusCode status) =>
        Eventually.HoldsAsync(
            async () =>
                (await open.Door.AskAsync(token, service, HttpMethod.Get, path)).Status == status,
            $"{service} answers {status}"
        );

    private Task<JsonNode> ManageAsync(HttpMethod method, string path, JsonObject body) =>
        open.Door.ManageAsync("identity", method, path, body);
}
