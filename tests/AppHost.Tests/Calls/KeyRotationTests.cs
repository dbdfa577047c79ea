using System.Collections.Concurrent;
using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>Signing keys change while applications get tokens and call with them.</summary>
[Collection<OpenSuiteTests>]
public sealed class KeyRotationTests(OpenSuite open, ITestOutputHelper output)
{
    private const int Rotations = 3;

    [Fact]
    public async Task Rotate_SeveralTimesUnderLoad_FailsNoCallAtTheGateway()
    {
        var shop = await TokenShop.OpenAsync(open, "rotation");
        var caller = await shop.NewClientAsync(true, "orders.read");
        var oldest = await caller.TokenAsync();
        await shop.ServedAsync(oldest);
        using var end = new CancellationTokenSource();
        var keys = new ConcurrentDictionary<string, int>(StringComparer.Ordinal);
        var failures = new ConcurrentQueue<string>();
        var loads = Enumerable
            .Range(0, 3)
            .Select(_ => Task.Run(() => CallAsync(shop, caller, keys, failures, end.Token)))
            .ToList();

        for (var i = 1; i <= Rotations; i++)
        {
            await open.Door.ManageAsync("identity", HttpMethod.Post, "signing-keys/rotate");
            var wanted = i + 1;
            await Eventually.HoldsAsync(() => keys.Count >= wanted, "another key signs");
        }

        await end.CancelAsync();
        await Task.WhenAll(loads);

        output.WriteLine($"{keys.Values.Sum()} calls with tokens of {keys.Count} keys");
        failures.ShouldBeEmpty();
        (await shop.StatusAsync(oldest)).ShouldBe(
            HttpStatusCode.OK,
            "retired keys are still known"
        );
    }

    private static async Task CallAsync(
        TokenShop shop,
        TokenClient caller,
        ConcurrentDictionary<string, int> keys,
        ConcurrentQueue<string> failures,
        CancellationToken end
    )
    {
        while (!end.IsCancellationRequested)
        {
            try
            {
                var token = await caller.TokenAsync();
                var header = JsonNode.Parse(
                    System.Buffers.Text.Base64Url.DecodeFromChars(token.Split('.')[0])
                )!;
                var key = (string)header["kid"]!;
                if (await shop.StatusAsync(token) is not HttpStatusCode.OK and var status)
                {
                    failures.Enqueue($"{status} with key {key}");
                }

                keys.AddOrUpdate(key, 1, (_, n) => n + 1);
            }
            catch (Exception e) when (e is HttpRequestException or ShouldAssertException)
            {
                failures.Enqueue(e.Message);
            }
        }
    }
}
