using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Providers;

namespace ApiSvc.AiAdapter.Routing;

/// <summary>One call on its way through the deployments of a virtual model.</summary>
internal sealed class RoutedCall(Router router, RouteNeeds needs)
{
    private bool _stopped;

    public RouteNeeds Needs => needs;

    public int Tries { get; private set; }

    /// <summary>Contexts up to this many tokens were not long enough.</summary>
    public long TooShort { get; private set; } = -1;

    internal HashSet<TargetState> Failed { get; } = [];

    internal HashSet<KeyState> FailedKeys { get; } = [];

    /// <summary>The failure that the client is told if no further try follows.</summary>
    public Failure? LastFailure { get; private set; }

    /// <summary>The next try; null if there is none left, or none is free now.</summary>
    public Attempt? Next()
    {
        var attempt = _stopped ? null : router.Choose(this);
        if (attempt is not null)
        {
            Tries++;
        }

        return attempt;
    }

    /// <summary>How long until a deployment is free again; null if that cannot be told.</summary>
    public TimeSpan? RetryAfter => router.RetryAfter(needs);

    /// <summary>Takes note of a failure, which decides on the next try.</summary>
    /// <param name="passed">Whether the client has seen a part of the answer: then there is no next try.</param>
    internal void Note(Attempt attempt, Failure failure, bool passed)
    {
        LastFailure = failure;
        var (next, blame) = FailureDecision.Of(failure.Kind, router.Model.OnRefusal);
        router.Failed(attempt, failure, blame);
        if (blame == Blame.Key)
        {
            FailedKeys.Add(attempt.Key);
        }

        switch (next)
        {
            case NextTry.Stop:
                _stopped = true;
                break;
            case NextTry.OtherDeployment:
                Failed.Add(attempt.Target);
                break;
            case NextTry.LongerContext:
                // Nobody knows how long theirs is: then a longer one cannot be found either.
                TooShort = attempt.Target.Target.Deployment.Traits.ContextTokens ?? long.MaxValue;
                Failed.Add(attempt.Target);
                break;
            default:
                break;
        }

        _stopped |= passed;
    }
}

/// <summary>One try at one deployment with one key. Ends exactly once.</summary>
internal sealed class Attempt : IDisposable
{
    private readonly Router _router;
    private readonly RoutedCall _call;
    private readonly long _began;
    private bool _ended;

    internal Attempt(Router router, RoutedCall call, TargetState target, KeyState key, long began)
    {
        _router = router;
        _call = call;
        _began = began;
        Target = target;
        Key = key;
        Deployment = target.Target.Deployment with
        {
            KeyName = key.Key.Name,
            Credential = key.Key.Credential,
        };
    }

    /// <summary>With the chosen key.</summary>
    public Deployment Deployment { get; }

    internal TargetState Target { get; }

    internal KeyState Key { get; }

    /// <summary>The first token came: that is the latency.</summary>
    public void FirstToken() => _router.Succeeded(this, _router.Since(_began));

    /// <param name="passed">Whether the client has seen a part of the answer.</param>
    public void Failed(Failure failure, bool passed) => _call.Note(this, failure, passed);

    /// <summary>The call is over: its key has room again.</summary>
    public void Dispose()
    {
        if (!_ended)
        {
            _ended = true;
            _router.Ended(this);
        }
    }
}
