using System.Net;
using System.Text.Json.Nodes;

namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>What a caller is answered, through the whole suite and over TLS.</summary>
[Collection<OpenSuiteTests>]
public sealed class AnswerTests(OpenSuite open)
{
    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task Call_OfTheSample_IsAnsweredByEveryRule(string version)
    {
        using var client = open.Door.Over(Version.Parse(version));
        var key = open.Shop.Key;

        using var served = await open.Door.CallAsync(Shop.Orders, key, client: client);
        served.StatusCode.ShouldBe(HttpStatusCode.OK);
        served.Version.ShouldBe(client.DefaultRequestVersion);
        JsonNode.Parse(await served.Content.ReadAsStringAsync())![0]!["customer"]!
            .GetValue<string>()
            .ShouldBe("Ada");

        using var keyless = await open.Door.CallAsync(Shop.Orders, key: null, client: client);
        await ShouldBeAsync(keyless, HttpStatusCode.Unauthorized, "unauthorized");
        keyless.Headers.WwwAuthenticate.ShouldNotBeEmpty();

        using var wrong = await open.Door.CallAsync(Shop.Orders, key[..^1] + "0", client: client);
        await ShouldBeAsync(wrong, HttpStatusCode.Unauthorized, "unauthorized");

        using var unknown = await open.Door.CallAsync("/demo/nothing", key, client: client);
        await ShouldBeAsync(unknown, HttpStatusCode.NotFound, "not-found");

        using var method = await open.Door.CallAsync(Shop.Orders, key, HttpMethod.Patch, client);
        await ShouldBeAsync(method, HttpStatusCode.MethodNotAllowed, "method-not-allowed");
        method.Content.Headers.Allow.ShouldBe(["GET", "HEAD", "POST"], ignoreOrder: true);
    }

    [Fact]
    public async Task Call_OverTheLimit_Is429WithWhenToComeAgain()
    {
        var shop = open.Shop;
        var (_, _, _, key) = await shop.SubscribeAsync(shop.Api, shop.Plan);
        await EventuallyServedAsync(Shop.Orders, key);

        // The plan allows a burst of 20, and 10 a second.
        var answers = new List<HttpResponseMessage>();
        do
        {
            answers.Add(await open.Door.CallAsync(Shop.Orders, key));
        } while (answers[^1].StatusCode == HttpStatusCode.OK && answers.Count < 500);

        using var refused = answers[^1];
        answers.Count.ShouldBeGreaterThanOrEqualTo(20);
        await ShouldBeAsync(refused, HttpStatusCode.TooManyRequests, "limit-exceeded");
        refused.Headers.RetryAfter!.Delta!.Value.ShouldBe(TimeSpan.FromSeconds(1));
        refused.Headers.GetValues("RateLimit").ShouldHaveSingleItem().ShouldContain("r=0");
        refused.Headers.GetValues("RateLimit-Policy").ShouldNotBeEmpty();
        answers[0].Headers.GetValues("RateLimit").ShouldHaveSingleItem().ShouldContain("r=");
    }

    [Fact]
    public async Task Call_WithoutApproval_Is403UntilApproved()
    {
        var shop = open.Shop;
        var plan = await shop.NewPlanAsync("manual");
        var version = await shop.PublishAsync("careful", plan);
        var (_, subscription, _, key) = await shop.SubscribeAsync(
            await shop.ApiOfAsync(version),
            plan
        );
        await Eventually.HoldsAsync(
            async () =>
                await open.Door.StatusAsync("/demo/careful/orders", key)
                == HttpStatusCode.Forbidden,
            "the key is known, its subscription is not approved"
        );

        await open.Door.ManageAsync(
            "catalog",
            HttpMethod.Post,
            $"subscriptions/{subscription}/transitions",
            new JsonObject { ["to"] = "active" }
        );

        await EventuallyServedAsync("/demo/careful/orders", key);
    }

    [Fact]
    public async Task Call_OfASuspendedVersion_Is503AndServedAgainAfterwards()
    {
        var shop = open.Shop;
        var version = await shop.PublishAsync("paused", shop.Plan);
        var (_, _, _, key) = await shop.SubscribeAsync(await shop.ApiOfAsync(version), shop.Plan);
        await EventuallyServedAsync("/demo/paused/orders", key);

        await shop.MoveAsync(version, "suspended");
        await Eventually.HoldsAsync(
            async () =>
                await open.Door.StatusAsync("/demo/paused/orders", key)
                == HttpStatusCode.ServiceUnavailable,
            "suspended"
        );
        using var refused = await open.Door.CallAsync("/demo/paused/orders", key);
        await ShouldBeAsync(refused, HttpStatusCode.ServiceUnavailable, "api-suspended");

        await shop.MoveAsync(version, "published");
        await EventuallyServedAsync("/demo/paused/orders", key);
    }

    [Fact]
    public async Task Call_OfARetiredVersion_Is410WithALink()
    {
        var shop = open.Shop;
        var version = await shop.PublishAsync("old", shop.Plan);
        var (_, _, _, key) = await shop.SubscribeAsync(await shop.ApiOfAsync(version), shop.Plan);
        await EventuallyServedAsync("/demo/old/orders", key);

        await shop.MoveAsync(
            version,
            "deprecated",
            new JsonObject
            {
                ["sunsetAt"] = DateTimeOffset.UtcNow.AddSeconds(1),
                ["comment"] = "There is a newer one.",
                ["migrationGuide"] = "https://example.com/newer",
            }
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                using var answer = await open.Door.CallAsync("/demo/old/orders", key);
                return answer.Headers.Contains("Deprecation") && answer.Headers.Contains("Sunset");
            },
            "the deprecation is told"
        );
        await Eventually.HoldsAsync(
            async () =>
            {
                var now = await open.Door.ManageAsync(
                    "catalog",
                    HttpMethod.Get,
                    $"versions/{version}"
                );
                return (DateTimeOffset)now["sunsetAt"]! < DateTimeOffset.UtcNow;
            },
            "the sunset"
        );
        await shop.MoveAsync(version, "retired");
        await Eventually.HoldsAsync(
            async () => await open.Door.StatusAsync("/demo/old/orders", key) == HttpStatusCode.Gone,
            "retired"
        );

        using var gone = await open.Door.CallAsync("/demo/old/orders", key);
        await ShouldBeAsync(gone, HttpStatusCode.Gone, "api-retired");
        gone.Headers.GetValues("Link").ShouldHaveSingleItem().ShouldContain("example.com/newer");
    }

    private Task EventuallyServedAsync(string path, string key) =>
        Eventually.HoldsAsync(
            async () => await open.Door.StatusAsync(path, key) == HttpStatusCode.OK,
            $"{path} is served"
        );

    private static async Task ShouldBeAsync(
        HttpResponseMessage answer,
        HttpStatusCode status,
        string problem
    )
    {
        answer.StatusCode.ShouldBe(status);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
        ((string)body["type"]!).ShouldBe($"https://apisvc.dev/problems/{problem}");
        ((int)body["status"]!).ShouldBe((int)status);
    }
}
