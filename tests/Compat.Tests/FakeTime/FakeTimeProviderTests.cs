using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.Compat.Tests.FakeTime;

public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider _clock = new();

    [Fact]
    public void GetUtcNow_NotMoved_StandsStillAtTheStartOf2000()
    {
        _clock.GetUtcNow().ShouldBe(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        _clock.GetUtcNow().ShouldBe(_clock.Start);
        _clock.ToString().ShouldBe("2000-01-01T00:00:00.000");
    }

    [Fact]
    public void Advance_MovesTimeAndTimestamp()
    {
        var before = _clock.GetTimestamp();

        _clock.Advance(TimeSpan.FromSeconds(90));

        (_clock.GetUtcNow() - _clock.Start).ShouldBe(TimeSpan.FromSeconds(90));
        _clock.GetElapsedTime(before).ShouldBe(TimeSpan.FromSeconds(90));
        Should.Throw<ArgumentOutOfRangeException>(() => _clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void SetUtcNow_Backwards_Throws()
    {
        _clock.SetUtcNow(_clock.Start.AddHours(1));

        Should.Throw<ArgumentOutOfRangeException>(() => _clock.SetUtcNow(_clock.Start));
    }

    [Fact]
    public void AdjustTime_Backwards_MovesNoTimer()
    {
        var fired = 0;
        using var timer = _clock.CreateTimer(
            _ => fired++,
            null,
            Seconds(10),
            Timeout.InfiniteTimeSpan
        );

        _clock.AdjustTime(_clock.Start.AddHours(-1));
        fired.ShouldBe(0);
        _clock.Advance(Seconds(10));

        fired.ShouldBe(1);
        _clock.GetUtcNow().ShouldBe(_clock.Start.AddHours(-1).AddSeconds(10));
    }

    [Fact]
    public void AutoAdvanceAmount_EachReading_MovesOn()
    {
        _clock.AutoAdvanceAmount = Seconds(1);

        _clock.GetUtcNow().ShouldBe(_clock.Start);
        _clock.GetUtcNow().ShouldBe(_clock.Start.AddSeconds(1));
    }

    [Fact]
    public void Timer_Periodic_FiresAtEachTimeOnTheWay()
    {
        var at = new List<double>();
        using var timer = _clock.CreateTimer(
            _ => at.Add((_clock.GetUtcNow() - _clock.Start).TotalSeconds),
            null,
            Seconds(1),
            Seconds(2)
        );

        _clock.Advance(Seconds(6));

        at.ShouldBe([1, 3, 5]);
    }

    [Fact]
    public void Timers_DueTogether_FireInOrderOfTimeThenOfMaking()
    {
        var order = new List<string>();
        using var late = _clock.CreateTimer(
            _ => order.Add("late"),
            null,
            Seconds(2),
            Timeout.InfiniteTimeSpan
        );
        using var first = _clock.CreateTimer(
            _ => order.Add("first"),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );
        using var second = _clock.CreateTimer(
            _ => order.Add("second"),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );

        _clock.Advance(Seconds(5));

        order.ShouldBe(["first", "second", "late"]);
    }

    [Fact]
    public void Timer_DisposedOrChanged_ObeysTheLastWord()
    {
        var fired = 0;
        var timer = _clock.CreateTimer(_ => fired++, null, Seconds(1), Seconds(1));
        timer.Change(Seconds(10), Timeout.InfiniteTimeSpan).ShouldBeTrue();

        _clock.Advance(Seconds(5));
        fired.ShouldBe(0);
        _clock.Advance(Seconds(5));
        fired.ShouldBe(1);
        timer.Dispose();
        _clock.Advance(Seconds(5));

        fired.ShouldBe(1);
        timer.Change(Seconds(1), Seconds(1)).ShouldBeFalse();
    }

    [Fact]
    public void Timer_StartsAnotherInItsCallback_FiresInTheSameAdvance()
    {
        var fired = new List<double>();
        using var outer = _clock.CreateTimer(
            _ =>
                _clock.CreateTimer(
                    _ => fired.Add((_clock.GetUtcNow() - _clock.Start).TotalSeconds),
                    null,
                    Seconds(1),
                    Timeout.InfiniteTimeSpan
                ),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );

        _clock.Advance(Seconds(3));

        fired.ShouldBe([2]);
    }

    [Fact]
    public async Task Delay_ClockReachesItsEnd_Completes()
    {
        var delay = Task.Delay(Seconds(30), _clock, TestContext.Current.CancellationToken);
        _clock.Advance(Seconds(29));
        delay.IsCompleted.ShouldBeFalse();

        _clock.Advance(Seconds(1));

        await delay;
    }

    [Fact]
    public void CancellationTokenSource_ClockReachesItsEnd_Cancels()
    {
        using var source = new CancellationTokenSource(Seconds(5), _clock);

        _clock.Advance(Seconds(5));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
}
