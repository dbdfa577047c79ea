using System.Globalization;

namespace Microsoft.Extensions.Time.Testing;

/// <summary>
/// A clock for tests: it stands still until it is moved, and timers fire while it is moved, each at its own time.
/// </summary>
public class FakeTimeProvider : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly HashSet<FakeTimer> _timers = [];
    private DateTimeOffset _now;
    private TimeZoneInfo _localTimeZone = TimeZoneInfo.Utc;
    private TimeSpan _autoAdvanceAmount;

    // Moves with the clock, but not with AdjustTime.
    private long _timestamp;
    private long _scheduled;

    /// <summary>A clock that shows midnight, 1 January 2000, UTC.</summary>
    public FakeTimeProvider()
        : this(new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero)) { }

    /// <summary>A clock that shows <paramref name="startDateTime"/>.</summary>
    public FakeTimeProvider(DateTimeOffset startDateTime)
    {
        Start = startDateTime;
        _now = startDateTime;
    }

    /// <summary>What the clock showed when it was made.</summary>
    public DateTimeOffset Start { get; }

    /// <summary>How far the clock moves each time it is read; zero or more.</summary>
    public TimeSpan AutoAdvanceAmount
    {
        get => _autoAdvanceAmount;
        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, TimeSpan.Zero);
            _autoAdvanceAmount = value;
        }
    }

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => _localTimeZone;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        DateTimeOffset shown;
        lock (_gate)
        {
            shown = _now;
        }

        if (_autoAdvanceAmount > TimeSpan.Zero)
        {
            Advance(_autoAdvanceAmount);
        }

        return shown;
    }

    /// <inheritdoc />
    public override long GetTimestamp()
    {
        lock (_gate)
        {
            return _timestamp;
        }
    }

    /// <summary>Moves the clock on and fires the timers that come due on the way, on the calling thread.</summary>
    /// <param name="delta">How far; zero or more.</param>
    public void Advance(TimeSpan delta)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delta, TimeSpan.Zero);
        long target;
        lock (_gate)
        {
            target = _timestamp + delta.Ticks;
        }

        MoveTo(target);
    }

    /// <summary>Moves the clock on to <paramref name="value"/>, firing timers as <see cref="Advance"/> does.</summary>
    /// <exception cref="ArgumentOutOfRangeException">It would go back.</exception>
    public void SetUtcNow(DateTimeOffset value)
    {
        long target;
        lock (_gate)
        {
            if (value < _now)
            {
                throw new ArgumentOutOfRangeException(
                    nameof(value),
                    $"Cannot go back in time. Current time is {_now}."
                );
            }

            target = _timestamp + (value - _now).Ticks;
        }

        MoveTo(target);
    }

    /// <summary>Changes what the clock shows, back or forth, without time passing: no timer fires.</summary>
    public void AdjustTime(DateTimeOffset value)
    {
        lock (_gate)
        {
            _now = value;
        }
    }

    /// <summary>Sets <see cref="LocalTimeZone"/>.</summary>
    public void SetLocalTimeZone(TimeZoneInfo localTimeZone)
    {
        ArgumentNullException.ThrowIfNull(localTimeZone);
        _localTimeZone = localTimeZone;
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(
        TimerCallback callback,
        object? state,
        TimeSpan dueTime,
        TimeSpan period
    )
    {
        ArgumentNullException.ThrowIfNull(callback);
        var timer = new FakeTimer(this, callback, state);
        timer.Change(dueTime, period);
        return timer;
    }

    /// <summary>What the clock shows, with milliseconds, in UTC.</summary>
    public override string ToString() =>
        _now.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ss.fff", CultureInfo.InvariantCulture);

    internal bool Schedule(FakeTimer timer, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            if (timer.IsDisposed)
            {
                return false;
            }

            timer.Period = period > TimeSpan.Zero ? period.Ticks : 0;
            timer.Order = _scheduled++;
            if (dueTime == Timeout.InfiniteTimeSpan)
            {
                _timers.Remove(timer);
                return true;
            }

            timer.Due = _timestamp + dueTime.Ticks;
            _timers.Add(timer);
        }

        // What is due at once fires before this returns.
        if (dueTime == TimeSpan.Zero)
        {
            FireDue(upTo: null);
        }

        return true;
    }

    internal void Remove(FakeTimer timer)
    {
        lock (_gate)
        {
            timer.IsDisposed = true;
            _timers.Remove(timer);
        }
    }

    private void MoveTo(long target)
    {
        FireDue(target);
        lock (_gate)
        {
            StepTo(target);
        }
    }

    private void FireDue(long? upTo)
    {
        while (TakeDue(upTo) is { } timer)
        {
            timer.Fire();
        }
    }

    private FakeTimer? TakeDue(long? upTo)
    {
        lock (_gate)
        {
            var limit = upTo ?? _timestamp;
            var timer = _timers
                .Where(candidate => candidate.Due <= limit)
                .MinBy(candidate => (candidate.Due, candidate.Order));
            if (timer is null)
            {
                return null;
            }

            StepTo(timer.Due);
            if (timer.Period > 0)
            {
                timer.Due += timer.Period;
                timer.Order = _scheduled++;
            }
            else
            {
                _timers.Remove(timer);
            }

            return timer;
        }
    }

    private void StepTo(long target)
    {
        // A callback, or another thread, may have moved the clock further already.
        if (target > _timestamp)
        {
            _now += TimeSpan.FromTicks(target - _timestamp);
            _timestamp = target;
        }
    }
}
