using ApiSvc.Gateway.Limits;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.Gateway.Tests.Limits;

public sealed class GcraLimiterTests
{
    private static readonly LimitKey Key = LimitKey.Of("plan"u8, "one"u8);

    private readonly FakeTimeProvider _time = new();
    private readonly GcraLimiter _limiter;

    public GcraLimiterTests() => _limiter = new(_time);

    [Fact]
    public void Take_BurstThenRate_PassesWhatIsAllowed()
    {
        var limit = new GcraLimit(10, TimeSpan.FromSeconds(1), 3);

        for (var remaining = 2; remaining >= 0; remaining--)
        {
            var passed = Take(limit);
            (passed.IsAllowed, passed.Limit, passed.Remaining).ShouldBe((true, 3, remaining));
        }

        var refused = Take(limit);
        refused.IsAllowed.ShouldBeFalse();
        refused.RetryAfter.ShouldBe(TimeSpan.FromMilliseconds(100));
        refused.RetryAfterSeconds.ShouldBe(1);
        refused.Reset.ShouldBe(TimeSpan.FromMilliseconds(300));
        _time.Advance(refused.RetryAfter - TimeSpan.FromTicks(1));
        Take(limit).IsAllowed.ShouldBeFalse();
        _time.Advance(TimeSpan.FromTicks(1));
        Take(limit).IsAllowed.ShouldBeTrue();
        Take(limit).IsAllowed.ShouldBeFalse();
    }

    [Fact]
    public void Take_TwoKeys_AreCountedApart()
    {
        var limit = new GcraLimit(1, TimeSpan.FromHours(1), 1);
        Take(limit).IsAllowed.ShouldBeTrue();
        Take(limit).IsAllowed.ShouldBeFalse();

        foreach (
            var other in new[] { LimitKey.Of("plan"u8, "two"u8), LimitKey.Of("plano"u8, "ne"u8) }
        )
        {
            _limiter.Take(other, limit, _limiter.Now).IsAllowed.ShouldBeTrue();
        }
    }

    [Fact]
    public void Return_AfterTake_AsIfItHadNotCome()
    {
        var limit = new GcraLimit(1, TimeSpan.FromHours(1), 2);
        Take(limit).Remaining.ShouldBe(1);
        _limiter.Return(Key, limit, _limiter.Now);
        Take(limit).Remaining.ShouldBe(1);
        _limiter.Return(Key, limit, _limiter.Now);
        _limiter.Return(Key, limit, _limiter.Now);
        Take(limit).Remaining.ShouldBe(1);
    }

    [Fact]
    public void Take_AnyTimes_IsAsABucketThatLeaks()
    {
        var cases =
            from burst in Gen.Choose(1, 5)
            from waits in Gen.Choose(0, 300).ArrayOf(60)
            select (Burst: burst, Waits: waits);
        Check.QuickThrowOnFailure(
            Prop.ForAll(
                cases.ToArbitrary(),
                test =>
                {
                    var time = new FakeTimeProvider();
                    var limiter = new GcraLimiter(time);
                    var limit = new GcraLimit(10, TimeSpan.FromSeconds(1), (ulong)test.Burst);
                    // Milliseconds of requests in the bucket: each brings 100, of which one leaks each millisecond.
                    var level = 0;
                    foreach (var wait in test.Waits)
                    {
                        time.Advance(TimeSpan.FromMilliseconds(wait));
                        level = Math.Max(0, level - wait);
                        var fits = level + 100 <= test.Burst * 100;
                        level += fits ? 100 : 0;
                        var decision = limiter.Take(Key, limit, limiter.Now);
                        decision.IsAllowed.ShouldBe(fits);
                        decision.Remaining.ShouldBe(fits ? ((test.Burst * 100) - level) / 100 : 0);
                        decision.Reset.ShouldBe(TimeSpan.FromMilliseconds(level));
                    }
                }
            )
        );
    }

    [Fact]
    public void Take_FromManyThreads_PassesExactlyTheBurst()
    {
        var limit = new GcraLimit(1, TimeSpan.FromHours(1), 5_000);
        var passed = 0;
        Parallel.For(
            0,
            20_000,
            i =>
            {
                if (Take(limit).IsAllowed)
                {
                    Interlocked.Increment(ref passed);
                }
            }
        );

        passed.ShouldBe(5_000);
    }

    [Fact]
    public void Take_MoreKeysThanPlaces_ForgetsAndCounts()
    {
        var small = new GcraLimiter(_time, capacity: 64);
        var limit = new GcraLimit(1, TimeSpan.FromHours(1), 1);
        for (var i = 0; i < 1_000; i++)
        {
            small
                .Take(LimitKey.Of("x"u8, BitConverter.GetBytes(i)), limit, small.Now)
                .IsAllowed.ShouldBeTrue();
        }

        small.Forgotten.ShouldBeGreaterThanOrEqualTo(1_000 - 64);
        // Idle keys make room without being forgotten.
        var before = small.Forgotten;
        _time.Advance(TimeSpan.FromHours(2));
        small.Take(Key, limit, small.Now).IsAllowed.ShouldBeTrue();
        small.Forgotten.ShouldBe(before);
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0)]
    [InlineData(2_000_000_000, 1, 1)]
    [InlineData(1, 3_600, ulong.MaxValue)]
    public void GcraLimit_OutOfRange_Throws(ulong rate, int seconds, ulong burst) =>
        Should.Throw<ArgumentOutOfRangeException>(() =>
            new GcraLimit(rate, TimeSpan.FromSeconds(seconds), burst)
        );

    [Fact]
    public void Take_AnyRequest_AllocatesNothing()
    {
        var limit = new GcraLimit(1_000_000, TimeSpan.FromSeconds(1), 10);
        var limiter = new GcraLimiter(TimeProvider.System);
        Allocations
            .Of(() => limiter.Take(LimitKey.Of("plan"u8, "one"u8), limit, limiter.Now))
            .ShouldBe(0);
    }

    private LimitDecision Take(GcraLimit limit) => _limiter.Take(Key, limit, _limiter.Now);
}
