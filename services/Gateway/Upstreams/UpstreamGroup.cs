namespace ApiSvc.Gateway.Upstreams;

/// <summary>
/// The addresses of an upstream: which one is next, and which get no calls for a while because they fail. Picking
/// reads one array and moves one number on; the array is laid out anew when an address is paused or comes back, which
/// is rare. Never are all addresses paused: if the last one fails too, all are tried again.
/// </summary>
internal sealed class UpstreamGroup
{
    private readonly (UpstreamTarget Target, int Weight)[] _targets;
    private readonly PassiveHealth _health;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Rotation _rotation;
    private uint _turn = uint.MaxValue;

    private UpstreamGroup(
        (UpstreamTarget Target, int Weight)[] targets,
        PassiveHealth health,
        TimeProvider time
    )
    {
        _targets = targets;
        _health = health;
        _time = time;
        _rotation = LayOut(time.GetTimestamp());
    }

    public IEnumerable<UpstreamTarget> Targets => _targets.Select(t => t.Target);

    /// <summary>Those that get calls now.</summary>
    public IEnumerable<UpstreamTarget> InUse => Volatile.Read(ref _rotation).Turns.Distinct();

    /// <param name="addresses">At least one.</param>
    /// <param name="health">When an address is paused.</param>
    /// <param name="time">The clock.</param>
    /// <param name="previous">The group that this one takes the place of: addresses that stay keep what is known of them.</param>
    public static UpstreamGroup Create(
        IReadOnlyList<WeightedAddress> addresses,
        PassiveHealth health,
        TimeProvider time,
        UpstreamGroup? previous = null
    )
    {
        ArgumentOutOfRangeException.ThrowIfZero(addresses.Count, nameof(addresses));
        ArgumentOutOfRangeException.ThrowIfLessThan(health.Failures, 1, nameof(health));
        return new(
            [
                .. addresses.Select(a =>
                    (previous?.Targets.FirstOrDefault(t => t.Url == a.Url) ?? new(a.Url), a.Weight)
                ),
            ],
            health,
            time
        );
    }

    /// <summary>The address for the next call; allocates nothing unless one comes back from its pause.</summary>
    /// <param name="except">One that was tried already; another is taken if there is one.</param>
    public UpstreamTarget Pick(UpstreamTarget? except = null)
    {
        var rotation = Volatile.Read(ref _rotation);
        if (rotation.ChangesAt != long.MaxValue && _time.GetTimestamp() >= rotation.ChangesAt)
        {
            rotation = Refresh();
        }

        var turns = rotation.Turns;
        var turn = Interlocked.Increment(ref _turn);
        var target = turns[turn % (uint)turns.Length];
        for (var i = 1u; ReferenceEquals(target, except) && i < turns.Length; i++)
        {
            target = turns[(turn + i) % (uint)turns.Length];
        }

        return target;
    }

    /// <summary>Says how a call to an address ended.</summary>
    public void Report(UpstreamTarget target, UpstreamOutcome outcome)
    {
        switch (outcome)
        {
            case UpstreamOutcome.Abandoned:
                return;
            case UpstreamOutcome.Answered:
                if (target.Recover())
                {
                    Forgive(target);
                }

                return;
            default:
                // One failure is enough for an address that failed before its pause and has not answered since.
                if (target.Fail() >= _health.Failures || target.IsOnProbation)
                {
                    Pause(target);
                }

                return;
        }
    }

    private void Pause(UpstreamTarget target)
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            // Calls that were under way when it was paused fail afterwards: they are of the same failure.
            if (target.PausedUntil > now)
            {
                return;
            }

            var ticks = Math.Min(
                _health.FirstPause.Ticks * Math.Pow(2, target.Pauses),
                _health.LongestPause.Ticks
            );
            target.Pauses++;
            target.PausedUntil =
                now + (long)(ticks / TimeSpan.TicksPerSecond * _time.TimestampFrequency);
            if (Array.TrueForAll(_targets, t => t.Target.PausedUntil > now))
            {
                foreach (var (each, _) in _targets)
                {
                    each.PausedUntil = 0;
                }
            }

            Volatile.Write(ref _rotation, LayOut(now));
        }
    }

    private void Forgive(UpstreamTarget target)
    {
        lock (_lock)
        {
            // An answer to a call from before the pause is none that ends it.
            if (target.PausedUntil <= _time.GetTimestamp())
            {
                target.Pauses = 0;
            }
        }
    }

    private Rotation Refresh()
    {
        lock (_lock)
        {
            var now = _time.GetTimestamp();
            if (now >= _rotation.ChangesAt)
            {
                Volatile.Write(ref _rotation, LayOut(now));
            }

            return _rotation;
        }
    }

    private Rotation LayOut(long now)
    {
        var inUse = Array.FindAll(_targets, t => t.Target.PausedUntil <= now);
        var paused = _targets.Where(t => t.Target.PausedUntil > now);
        return new(
            WeightedRotation.Create(inUse.Length == 0 ? _targets : inUse),
            paused.Select(t => t.Target.PausedUntil).DefaultIfEmpty(long.MaxValue).Min()
        );
    }

    /// <param name="Turns">Whose turn it is.</param>
    /// <param name="ChangesAt">When the next address comes back.</param>
    private sealed record Rotation(UpstreamTarget[] Turns, long ChangesAt);
}
