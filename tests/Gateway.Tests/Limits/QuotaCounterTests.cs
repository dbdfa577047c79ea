using System.Globalization;
using ApiSvc.Gateway.Limits;

namespace ApiSvc.Gateway.Tests.Limits;

public sealed class QuotaCounterTests
{
    private static readonly LimitKey Key = LimitKey.Of("quota"u8, "one"u8);

    private readonly QuotaCounter _counter = new();

    [Theory]
    [InlineData((int)QuotaWindow.Minute, "2026-02-28T23:59:59Z", "2026-03-01T00:00:00Z")]
    [InlineData((int)QuotaWindow.Minute, "2026-02-28T23:59:00Z", "2026-03-01T00:00:00Z")]
    [InlineData((int)QuotaWindow.Hour, "2026-02-28T22:59:59Z", "2026-02-28T23:00:00Z")]
    [InlineData((int)QuotaWindow.Day, "2026-02-28T00:00:00Z", "2026-03-01T00:00:00Z")]
    [InlineData((int)QuotaWindow.Week, "2026-03-01T23:59:59Z", "2026-03-02T00:00:00Z")]
    [InlineData((int)QuotaWindow.Week, "2026-03-02T00:00:00Z", "2026-03-09T00:00:00Z")]
    [InlineData((int)QuotaWindow.Month, "2026-12-31T23:59:59Z", "2027-01-01T00:00:00Z")]
    [InlineData((int)QuotaWindow.Month, "2028-02-29T12:00:00Z", "2028-03-01T00:00:00Z")]
    [InlineData((int)QuotaWindow.Month, "2026-03-01T01:00:00+02:00", "2026-03-01T00:00:00Z")]
    public void EndOf_Moment_IsTheEndOfItsWindowInUtc(int window, string now, string end) =>
        new Quota(1, (QuotaWindow)window).EndOf(At(now)).ShouldBe(At(end));

    [Fact]
    public void Take_UntilTheWindowEnds_CountsAndBeginsAnew()
    {
        var quota = new Quota(2, QuotaWindow.Day);
        var now = At("2026-05-05T23:59:00Z");

        _counter.Take(Key, quota, now).ShouldBe(new(true, 2, 1, TimeSpan.FromMinutes(1), default));
        _counter.Take(Key, quota, now).Remaining.ShouldBe(0);
        var refused = _counter.Take(Key, quota, now);
        refused.IsAllowed.ShouldBeFalse();
        refused.RetryAfter.ShouldBe(TimeSpan.FromMinutes(1));
        _counter.Take(Key, quota, now.AddMinutes(1)).Remaining.ShouldBe(1);
        _counter.Count(Key, quota, now.AddMinutes(1)).ShouldBe(1);
    }

    [Fact]
    public void Return_AfterTake_AsIfItHadNotCome()
    {
        var quota = new Quota(5, QuotaWindow.Hour);
        var now = At("2026-05-05T10:00:00Z");
        _counter.Take(Key, quota, now);
        _counter.Return(Key, quota, now);
        _counter.Return(Key, quota, now);
        _counter.Count(Key, quota, now).ShouldBe(0);
        _counter.Take(Key, quota, now);
        // What was counted in an hour that is over stays there.
        _counter.Return(Key, quota, now.AddHours(1));
        _counter.Count(Key, quota, now).ShouldBe(1);
    }

    [Fact]
    public void Take_FromManyThreads_PassesExactlyTheQuota()
    {
        var quota = new Quota(7_000, QuotaWindow.Month);
        var now = At("2026-05-05T10:00:00Z");
        var passed = 0;
        Parallel.For(
            0,
            20_000,
            i =>
            {
                if (_counter.Take(Key, quota, now).IsAllowed)
                {
                    Interlocked.Increment(ref passed);
                }
            }
        );

        passed.ShouldBe(7_000);
    }

    [Fact]
    public void Take_CountsThatEndSooner_AreForgottenFirst()
    {
        var small = new QuotaCounter(capacity: 8);
        var now = At("2026-05-05T10:00:00Z");
        var month = new Quota(10, QuotaWindow.Month);
        small.Take(Key, month, now);
        for (var i = 0; i < 100; i++)
        {
            small.Take(
                LimitKey.Of("m"u8, BitConverter.GetBytes(i)),
                new(10, QuotaWindow.Minute),
                now
            );
        }

        small.Count(Key, month, now).ShouldBe(1);
        small.Forgotten.ShouldBe(93);
    }

    [Fact]
    public void IsStricterThan_RefusedOrLessRemaining_Decides()
    {
        var much = new LimitDecision(true, 9, 8, default, default);
        var little = new LimitDecision(true, 9, 1, default, default);
        var soon = new LimitDecision(false, 9, 0, default, TimeSpan.FromSeconds(1));
        var late = new LimitDecision(false, 9, 0, default, TimeSpan.FromSeconds(2.1));

        little.IsStricterThan(much).ShouldBeTrue();
        soon.IsStricterThan(little).ShouldBeTrue();
        late.IsStricterThan(soon).ShouldBeTrue();
        much.IsStricterThan(soon).ShouldBeFalse();
        late.RetryAfterSeconds.ShouldBe(3);
    }

    [Fact]
    public void Take_AnyRequest_AllocatesNothing()
    {
        var quota = new Quota(1_000_000, QuotaWindow.Month);
        var now = At("2026-05-05T10:00:00Z");
        Allocations.Of(() => _counter.Take(Key, quota, now)).ShouldBe(0);
    }

    private static DateTimeOffset At(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture);
}
