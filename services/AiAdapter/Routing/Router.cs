using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Routing;

/// <summary>
/// Chooses deployment and key for each try of the calls to one virtual model, and learns from how they went.
/// May be used by many calls at once.
/// </summary>
/// <param name="keys">Where the states of keys are, if other routers share them.</param>
internal sealed class Router(
    VirtualModel model,
    RoutingOptions options,
    TimeProvider time,
    Func<double> chance,
    Func<PoolKey, KeyState>? keys = null
)
{
    private readonly Lock _lock = new();
    private readonly List<TargetState> _targets =
    [
        .. model.Targets.Select(target => new TargetState(target, keys ?? (key => new(key)))),
    ];

    public VirtualModel Model => model;

    public RoutedCall Begin(RouteNeeds needs) => new(this, needs);

    internal Attempt? Choose(RoutedCall call)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (call.Tries >= model.Attempts)
            {
                return null;
            }

            // Those the call has not met come first; then again those it has, if they are well.
            return Choose(call, now, fresh: true) ?? Choose(call, now, fresh: false);
        }
    }

    internal TimeSpan? RetryAfter(RouteNeeds needs)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            var first = _targets
                .Where(target => needs.MetBy(target.Target.Deployment.Traits))
                .Select(target => target.FreeAt(now, needs.Tokens))
                .Min();
            return first is { } free && free > now ? free - now : null;
        }
    }

    internal void Succeeded(Attempt attempt, TimeSpan latency)
    {
        lock (_lock)
        {
            attempt.Target.Succeeded(latency);
        }
    }

    internal void Ended(Attempt attempt)
    {
        lock (_lock)
        {
            attempt.Target.GiveBack(attempt.Key);
        }
    }

    internal void Failed(Attempt attempt, Failure failure, Blame blame)
    {
        lock (_lock)
        {
            var now = time.GetUtcNow();
            if (blame == Blame.Key)
            {
                var usual =
                    failure.Kind == FailureKind.RateLimited
                        ? options.RateLimitRest
                        : options.KeyRest;
                attempt.Key.Rest(now + (failure.RetryAfter ?? usual));
            }
            else if (blame == Blame.Deployment)
            {
                attempt.Target.Failed(now, failure.RetryAfter, options);
            }
        }
    }

    private Attempt? Choose(RoutedCall call, DateTimeOffset now, bool fresh)
    {
        var candidates = _targets
            .Where(target =>
                call.Needs.MetBy(target.Target.Deployment.Traits)
                && target.RestsUntil <= now
                && !(fresh && call.Failed.Contains(target))
                && (target.Target.Deployment.Traits.ContextTokens ?? 0) > call.TooShort
            )
            .GroupBy(target => target.Target.Priority)
            .OrderBy(group => group.Key);
        foreach (var group in candidates)
        {
            List<TargetState> rest = [.. group];
            while (rest.Count > 0)
            {
                var chosen = ByStrategy(rest);
                if (chosen.TakeKey(now, call.Needs.Tokens, call.FailedKeys) is { } key)
                {
                    return new(this, call, chosen, key, time.GetTimestamp());
                }

                rest.Remove(chosen);
            }
        }

        return null;
    }

    private TargetState ByStrategy(List<TargetState> candidates) =>
        model.Strategy switch
        {
            RoutingStrategy.Weighted => Weighted(candidates),

            // What was never measured is tried first, else it would never be.
            RoutingStrategy.LeastLatency => candidates.MinBy(target =>
                target.Latency ?? TimeSpan.Zero
            )!,
            RoutingStrategy.LeastCost => candidates.MinBy(target =>
                target.Target.Cost ?? long.MaxValue
            )!,
            RoutingStrategy.LeastBusy => candidates.MinBy(target => target.InFlight)!,
            _ => candidates[0],
        };

    private TargetState Weighted(List<TargetState> candidates)
    {
        var total = candidates.Sum(target => Math.Max(0, target.Target.Weight));
        var at = chance() * total;
        foreach (var target in candidates)
        {
            at -= Math.Max(0, target.Target.Weight);
            if (at < 0)
            {
                return target;
            }
        }

        return candidates[^1];
    }

    internal TimeSpan Since(long timestamp) => time.GetElapsedTime(timestamp);
}
