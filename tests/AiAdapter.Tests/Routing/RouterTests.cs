using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Routing;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.AiAdapter.Tests.Routing;

public sealed class RouterTests
{
    private readonly FakeTimeProvider _time = new(new(2026, 11, 27, 0, 0, 0, TimeSpan.Zero));

    [Fact]
    public void Next_Priority_FirstThatIsWell()
    {
        var router = Make(RoutingStrategy.Priority, Target("a"), Target("b", priority: 1));

        Fail(router, FailureKind.ServerError, "a", "b");
        Names(router.Begin(new()), FailureKind.ServerError, 2).ShouldBe(["a", "b"]);
    }

    [Fact]
    public void Next_Weighted_InProportion()
    {
        var random = new Random(5);
        var router = Make(
            RoutingStrategy.Weighted,
            random.NextDouble,
            Target("a", weight: 3),
            Target("b", weight: 1),
            Target("never", weight: 0)
        );

        var counts = Enumerable
            .Range(0, 4000)
            .Select(_ => Once(router))
            .CountBy(name => name)
            .ToDictionary(count => count.Key, count => count.Value);

        counts.ShouldNotContainKey("never");
        counts["a"].ShouldBeInRange(2850, 3150);
    }

    [Fact]
    public void Next_LeastLatency_TheQuickerOneOnceMeasured()
    {
        var router = Make(RoutingStrategy.LeastLatency, Target("slow"), Target("quick"));
        for (var i = 0; i < 4; i++)
        {
            using var attempt = router.Begin(new()).Next().ShouldNotBeNull();
            _time.Advance(TimeSpan.FromMilliseconds(attempt.Deployment.Name == "slow" ? 900 : 100));
            attempt.FirstToken();
        }

        Once(router).ShouldBe("quick");
    }

    [Fact]
    public void Next_LeastCostAndLeastBusy_TheLeast()
    {
        Once(
                Make(
                    RoutingStrategy.LeastCost,
                    Target("dear", cost: 9),
                    Target("unknown"),
                    Target("cheap", cost: 2)
                )
            )
            .ShouldBe("cheap");

        var router = Make(RoutingStrategy.LeastBusy, Target("a"), Target("b"));
        using var first = router.Begin(new()).Next();
        using var second = router.Begin(new()).Next();
        new[] { first!.Deployment.Name, second!.Deployment.Name }.ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(nameof(FailureKind.InvalidRequest))]
    [InlineData(nameof(FailureKind.TooLarge))]
    [InlineData(nameof(FailureKind.ContentPolicy))]
    [InlineData(nameof(FailureKind.Untranslatable))]
    public void Next_FailureThatWouldBeTheSameElsewhere_NoSecondTry(string kind)
    {
        var router = Make(RoutingStrategy.Priority, Target("a"), Target("b"));

        Names(router.Begin(new()), Enum.Parse<FailureKind>(kind), 3).ShouldBe(["a"]);
    }

    [Fact]
    public void Next_FirstTokenPassed_NoSecondTry()
    {
        var router = Make(RoutingStrategy.Priority, Target("a"), Target("b"));
        var call = router.Begin(new());
        using var attempt = call.Next().ShouldNotBeNull();

        attempt.Failed(new(FailureKind.Cut, "cut"), passed: true);

        call.Next().ShouldBeNull();
        call.LastFailure.ShouldNotBeNull();
    }

    [Fact]
    public void Next_ContextTooShort_OnlyALongerOne()
    {
        var router = Make(
            RoutingStrategy.Priority,
            Target("small", context: 1000),
            Target("same", context: 1000),
            Target("large", context: 9000)
        );

        Names(router.Begin(new()), FailureKind.ContextLength, 3).ShouldBe(["small", "large"]);
        Names(router.Begin(new(Tokens: 2000)), FailureKind.ServerError, 1).ShouldBe(["large"]);
    }

    [Fact]
    public void Next_NeedsAreNotMet_NotChosen()
    {
        var blind = Target("blind");
        blind = blind with
        {
            Deployment = blind.Deployment with
            {
                Traits = new() { Vision = false, Tools = false },
            },
        };
        var router = Make(RoutingStrategy.Priority, blind, Target("able"));

        Names(router.Begin(new(Vision: true)), FailureKind.ServerError, 1).ShouldBe(["able"]);
        Names(router.Begin(new(Tools: true)), FailureKind.ServerError, 1).ShouldBe(["able"]);
        Names(router.Begin(new()), FailureKind.ServerError, 1).ShouldBe(["blind"]);
    }

    [Fact]
    public void Next_DeploymentFailsInARow_RestsLongerEachTimeAndRecovers()
    {
        var router = Make(RoutingStrategy.Priority, Target("a"), Target("b", priority: 1));
        Fail(router, FailureKind.ServerError, "a");
        Fail(router, FailureKind.ServerError, "a");
        Fail(router, FailureKind.ServerError, "a");

        Once(router).ShouldBe("b");
        _time.Advance(TimeSpan.FromSeconds(5));
        Fail(router, FailureKind.ServerError, "a");
        _time.Advance(TimeSpan.FromSeconds(5));
        Once(router).ShouldBe("b", "the second rest is twice as long");
        _time.Advance(TimeSpan.FromSeconds(5));
        using (var attempt = router.Begin(new()).Next().ShouldNotBeNull())
        {
            attempt.Deployment.Name.ShouldBe("a");
            attempt.FirstToken();
        }

        Fail(router, FailureKind.ServerError, "a");
        Once(router).ShouldBe("a", "a success forgets the failures before");
    }

    [Fact]
    public void Next_RateLimit_OtherKeyAndTheRestTheProviderAskedFor()
    {
        var router = Make(
            RoutingStrategy.Priority,
            Target("a", keys: [new("k1", Credential.None), new("k2", Credential.None)])
        );
        var call = router.Begin(new());
        using var first = call.Next().ShouldNotBeNull();
        first.Deployment.KeyName.ShouldBe("k1");

        first.Failed(
            new(FailureKind.RateLimited, "slow", RetryAfter: TimeSpan.FromSeconds(40)),
            passed: false
        );

        using var second = call.Next().ShouldNotBeNull();
        second.Deployment.KeyName.ShouldBe("k2");
        second.Failed(
            new(FailureKind.RateLimited, "slow", RetryAfter: TimeSpan.FromSeconds(60)),
            passed: false
        );
        call.Next().ShouldBeNull();
        call.RetryAfter.ShouldBe(TimeSpan.FromSeconds(40));
        _time.Advance(TimeSpan.FromSeconds(39));
        router.Begin(new()).Next().ShouldBeNull();
        _time.Advance(TimeSpan.FromSeconds(1));
        using var third = router.Begin(new()).Next().ShouldNotBeNull();
        third.Deployment.KeyName.ShouldBe("k1");
    }

    [Fact]
    public void Next_QuotaExhausted_KeyRestsLong()
    {
        var router = Make(RoutingStrategy.Priority, Target("a"));
        Fail(router, FailureKind.QuotaExhausted, "a");

        _time.Advance(TimeSpan.FromMinutes(9));
        router.Begin(new()).Next().ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(1));
        Once(router).ShouldBe("a");
    }

    [Fact]
    public void Next_AnyLoad_NoKeyGoesOverItsLimits() =>
        Prop.ForAll(
                Gen.Choose(0, 25_000).Zip(Gen.Choose(1, 60)).NonEmptyListOf().ToArbitrary(),
                steps =>
                {
                    var router = Make(
                        RoutingStrategy.Priority,
                        Target(
                            "a",
                            keys:
                            [
                                new(
                                    "k1",
                                    Credential.None,
                                    RequestsPerMinute: 4,
                                    TokensPerMinute: 100
                                ),
                                new("k2", Credential.None, RequestsPerMinute: 6, Parallel: 2),
                            ]
                        )
                    );
                    List<(DateTimeOffset Time, string Key, int Tokens)> given = [];
                    List<Attempt> running = [];
                    foreach (var (wait, tokens) in steps)
                    {
                        _time.Advance(TimeSpan.FromMilliseconds(wait));
                        var now = _time.GetUtcNow();
                        if (running.Count > 0 && wait % 2 == 0)
                        {
                            running[0].Dispose();
                            running.RemoveAt(0);
                        }

                        if (router.Begin(new(Tokens: tokens)).Next() is { } attempt)
                        {
                            running.Add(attempt);
                            given.Add((now, attempt.Deployment.KeyName, tokens));
                        }

                        var last = given
                            .Where(one => one.Time > now - TimeSpan.FromMinutes(1))
                            .ToList();
                        last.Count(one => one.Key == "k1").ShouldBeLessThanOrEqualTo(4);
                        last.Count(one => one.Key == "k2").ShouldBeLessThanOrEqualTo(6);
                        last.Where(one => one.Key == "k1")
                            .Sum(one => one.Tokens)
                            .ShouldBeLessThanOrEqualTo(100);
                        running
                            .Count(one => one.Deployment.KeyName == "k2")
                            .ShouldBeLessThanOrEqualTo(2);
                    }
                }
            )
            .Check(Config.QuickThrowOnFailure.WithMaxTest(100));

    [Fact]
    public void Next_AnyFailures_EndsAndNeverTriesMoreThanAllowed() =>
        Prop.ForAll(
                Gen.Elements(Enum.GetValues<FailureKind>()).ListOf(12).ToArbitrary(),
                kinds =>
                {
                    var router = Make(
                        RoutingStrategy.Priority,
                        Target("a"),
                        Target("b"),
                        Target("c")
                    );
                    var call = router.Begin(new());
                    var tries = 0;
                    while (call.Next() is { } attempt)
                    {
                        using (attempt)
                        {
                            attempt.Failed(new(kinds[tries++], "x"), passed: false);
                        }
                    }

                    return tries is >= 1 and <= 3 && call.LastFailure!.Kind == kinds[tries - 1];
                }
            )
            .QuickCheckThrowOnFailure();

    private static Target Target(
        string name,
        int priority = 0,
        int weight = 1,
        long? cost = null,
        long? context = null,
        IReadOnlyList<PoolKey>? keys = null
    ) =>
        new(
            new()
            {
                Name = name,
                Provider = new()
                {
                    Name = name,
                    Family = "openai-chat",
                    Address = "https://x.example",
                },
                Model = "m",
                KeyName = "",
                Traits = new() { ContextTokens = context },
            },
            keys ?? [new("k", Credential.None)],
            priority,
            weight,
            cost
        );

    private Router Make(RoutingStrategy strategy, params Target[] targets) =>
        Make(strategy, () => 0.5, targets);

    private Router Make(RoutingStrategy strategy, Func<double> chance, params Target[] targets) =>
        new(new("virtual", strategy, targets), new(), _time, chance);

    private static string Once(Router router)
    {
        using var attempt = router.Begin(new()).Next().ShouldNotBeNull();
        return attempt.Deployment.Name;
    }

    private static void Fail(Router router, FailureKind kind, params string[] expected) =>
        Names(router.Begin(new()), kind, expected.Length).ShouldBe(expected);

    private static List<string> Names(RoutedCall call, FailureKind kind, int most)
    {
        List<string> names = [];
        while (names.Count < most && call.Next() is { } attempt)
        {
            using (attempt)
            {
                names.Add(attempt.Deployment.Name);
                attempt.Failed(new(kind, "x"), passed: false);
            }
        }

        return names;
    }
}
