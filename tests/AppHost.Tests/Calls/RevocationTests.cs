using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>How long a right is still good after it was taken away; the longest is printed.</summary>
[Collection<OpenSuiteTests>]
public sealed class RevocationTests(OpenSuite open, ITestOutputHelper output)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    [Fact]
    public Task Rights_TakenAway_AreRefusedWithinASecond() => TakeAwayAsync(times: 8);

    [Fact]
    [Trait("Long", "revocation")]
    public Task Rights_TakenAwayManyTimes_AreRefusedWithinASecond() => TakeAwayAsync(times: 100);

    private async Task TakeAwayAsync(int times)
    {
        var taken = new Dictionary<string, List<TimeSpan>>(StringComparer.Ordinal);
        for (var i = 0; i < times; i++)
        {
            var shop = open.Shop;
            var (application, subscription, keyId, key) = await shop.SubscribeAsync(
                shop.Api,
                shop.Plan
            );
            await Eventually.HoldsAsync(
                async () => await open.Door.StatusAsync(Shop.Orders, key) == HttpStatusCode.OK,
                "the key works"
            );

            var (what, service, method, path, body) = (i % 3) switch
            {
                0 => ("key", "identity", HttpMethod.Post, $"api-keys/{keyId}/revoke", null),
                1 => (
                    "subscription",
                    "catalog",
                    HttpMethod.Post,
                    $"subscriptions/{subscription}/transitions",
                    new JsonObject { ["to"] = "cancelled" }
                ),
                _ => (
                    "application",
                    "catalog",
                    HttpMethod.Delete,
                    $"applications/{application}",
                    null
                ),
            };
            await open.Door.ManageAsync(service, method, path, body);
            var start = Stopwatch.GetTimestamp();
            await Eventually.HoldsAsync(
                async () =>
                    await open.Door.StatusAsync(Shop.Orders, key)
                        is HttpStatusCode.Unauthorized
                            or HttpStatusCode.Forbidden,
                $"{what} is refused"
            );
            var time = Stopwatch.GetElapsedTime(start);
            if (!taken.TryGetValue(what, out var all))
            {
                taken[what] = all = [];
            }

            all.Add(time);
        }

        foreach (var (what, all) in taken.OrderBy(t => t.Key))
        {
            output.WriteLine(
                $"{what}: refused after at most {all.Max().TotalMilliseconds:F0} ms ({all.Count} times)"
            );
        }

        taken.Values.SelectMany(t => t).Max().ShouldBeLessThan(Longest);
    }
}
