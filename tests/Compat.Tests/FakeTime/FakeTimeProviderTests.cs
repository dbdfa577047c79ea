using Microsoft.Extensions.Time.Testing;

namespace ApiSvc.Compat.Tests.FakeTime;

public sealed class FakeTimeProviderTests
{
    private readonly FakeTimeProvider clock = new();

    [Fact]
    public void GetUtcNow_NotMoved_StandsStillAtTheStartOf2000()
    {
        clock.GetUtcNow().ShouldBe(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));
        clock.GetUtcNow().ShouldBe(clock.Start);
        clock.ToString().ShouldBe("2000-01-01T00:00:00.000");
    }

    [Fact]
    public void Advance_MovesTimeAndTimestamp()
    {
        var before = clock.GetTimestamp();

        clock.Advance(TimeSpan.FromSeconds(90));

        (clock.GetUtcNow() - clock.Start).ShouldBe(TimeSpan.FromSeconds(90));
        clock.GetElapsedTime(before).ShouldBe(TimeSpan.FromSeconds(90));
        Should.Throw<ArgumentOutOfRangeException>(() => clock.Advance(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public void SetUtcNow_Backwards_Throws()
    {
        clock.SetUtcNow(clock.Start.AddHours(1));

        Should.Throw<ArgumentOutOfRangeException>(() => clock.SetUtcNow(clock.Start));
    }

    [Fact]
    public void AdjustTime_Backwards_MovesNoTimer()
    {
        var fired = 0;
        using var timer = clock.CreateTimer(
            _ => fired++,
            null,
            Seconds(10),
            Timeout.InfiniteTimeSpan
        );

        clock.AdjustTime(clock.Start.AddHours(-1));
        fired.ShouldBe(0);
        clock.Advance(Seconds(10));

        fired.ShouldBe(1);
        clock.GetUtcNow().ShouldBe(clock.Start.AddHours(-1).AddSeconds(10));
    }

    [Fact]
    public void AutoAdvanceAmount_EachReading_MovesOn()
    {
        clock.AutoAdvanceAmount = Seconds(1);

        clock.GetUtcNow().ShouldBe(clock.Start);
        clock.GetUtcNow().ShouldBe(clock.Start.AddSeconds(1));
    }

    [Fact]
    public void Timer_Periodic_FiresAtEachTimeOnTheWay()
    {
        var at = new List<double>();
        using var timer = clock.CreateTimer(
            _ => at.Add((clock.GetUtcNow() - clock.Start).TotalSeconds),
            null,
            Seconds(1),
            Seconds(2)
        );

        clock.Advance(Seconds(6));

        at.ShouldBe([1, 3, 5]);
    }

    [Fact]
    public void Timers_DueTogether_FireInOrderOfTimeThenOfMaking()
    {
        var order = new List<string>();
        using var late = clock.CreateTimer(
            _ => order.Add("late"),
            null,
            Seconds(2),
            Timeout.InfiniteTimeSpan
        );
        using var first = clock.CreateTimer(
            _ => order.Add("first"),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );
        using var second = clock.CreateTimer(
            _ => order.Add("second"),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );

        clock.Advance(Seconds(5));

        order.ShouldBe(["first", "second", "late"]);
    }

    [Fact]
    public void Timer_DisposedOrChanged_ObeysTheLastWord()
    {
        var fired = 0;
        var timer = clock.CreateTimer(_ => fired++, null, Seconds(1), Seconds(1));
        timer.Change(Seconds(10), Timeout.InfiniteTimeSpan).ShouldBeTrue();

        clock.Advance(Seconds(5));
        fired.ShouldBe(0);
        clock.Advance(Seconds(5));
        fired.ShouldBe(1);
        timer.Dispose();
        clock.Advance(Seconds(5));

        fired.ShouldBe(1);
        timer.Change(Seconds(1), Seconds(1)).ShouldBeFalse();
    }

    [Fact]
    public void Timer_StartsAnotherInItsCallback_FiresInTheSameAdvance()
    {
        var fired = new List<double>();
        using var outer = clock.CreateTimer(
            _ =>
                clock.CreateTimer(
                    _ => fired.Add((clock.GetUtcNow() - clock.Start).TotalSeconds),
                    null,
                    Seconds(1),
                    Timeout.InfiniteTimeSpan
                ),
            null,
            Seconds(1),
            Timeout.InfiniteTimeSpan
        );

        clock.Advance(Seconds(3));

        fired.ShouldBe([2]);
    }

    [Fact]
    public async Task Delay_ClockReachesItsEnd_Completes()
    {
        var delay = Task.Delay(Seconds(30), clock, TestContext.Current.CancellationToken);
        clock.Advance(Seconds(29));
        delay.IsCompleted.ShouldBeFalse();

        clock.Advance(Seconds(1));

        await delay;
    }

    [Fact]
    public void CancellationTokenSource_ClockReachesItsEnd_Cancels()
    {
        using var source = new CancellationTokenSource(Seconds(5), clock);

        clock.Advance(Seconds(5));

        source.IsCancellationRequested.ShouldBeTrue();
    }

    private static TimeSpan Seconds(int count) => TimeSpan.FromSeconds(count);
}
