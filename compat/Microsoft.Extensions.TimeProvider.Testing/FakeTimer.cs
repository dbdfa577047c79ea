namespace Microsoft.Extensions.Time.Testing;

/// <summary>A timer of a <see cref="FakeTimeProvider"/>, which keeps its times under its own lock.</summary>
internal sealed class FakeTimer(FakeTimeProvider clock, TimerCallback callback, object? state)
    : ITimer
{
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public long Due { get; set; }

    public long Period { get; set; }

    /// <summary>Of two timers due at the same time, the one scheduled first fires first.</summary>
    public long Order { get; set; }

    public bool IsDisposed { get; set; }

    public bool Change(TimeSpan dueTime, TimeSpan period)
    {
        Check(dueTime, nameof(dueTime));
        Check(period, nameof(period));
        return clock.Schedule(this, dueTime, period);
    }

    public void Fire() => callback(state);

    public void Dispose() => clock.Remove(this);

    public ValueTask DisposeAsync()
    {
        Dispose();
        return ValueTask.CompletedTask;
    }

    private static void Check(TimeSpan value, string name)
    {
        if (value != Timeout.InfiniteTimeSpan)
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero, name);
            ArgumentOutOfRangeException.ThrowIfGreaterThan(value, Longest, name);
        }
    }
}
