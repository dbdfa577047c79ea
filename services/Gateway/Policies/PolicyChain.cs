using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Policies.Authentication;

namespace ApiSvc.Gateway.Policies;

/// <summary>
/// The policies of one operation in their order, compiled when its configuration arrives and holding only what applies.
/// </summary>
internal sealed class PolicyChain
{
    private readonly IRequestPolicy[] _request;
    private readonly IResponsePolicy[] _response;
    private readonly ICompletionPolicy[] _completion;
    private readonly byte[][] _secretParameters;

    public PolicyChain(IEnumerable<IPolicy> policies)
    {
        // The sort is stable: of one stage, the more general level comes first.
        IPolicy[] ordered = [.. policies.OrderBy(p => p.Stage)];
        _request = [.. ordered.OfType<IRequestPolicy>()];
        _response = [.. ordered.OfType<IResponsePolicy>().Reverse()];
        _completion = [.. ordered.OfType<ICompletionPolicy>()];
        All = ordered;
        _secretParameters =
        [
            .. ordered.OfType<AuthenticationPolicy>().SelectMany(p => p.SecretParameters),
        ];
    }

    public static PolicyChain Empty { get; } = new([]);

    public IReadOnlyList<IPolicy> All { get; }

    /// <summary>Names of query parameters that carry credentials.</summary>
    public ReadOnlySpan<byte[]> SecretParameters => _secretParameters;

    /// <summary>Asks each policy, until one answers.</summary>
    /// <returns>The answer, with the stage of the one that gave it; null: the call goes on.</returns>
    public async ValueTask<(Answer Answer, PolicyStage Stage)?> OnRequestAsync(Exchange exchange)
    {
        foreach (var policy in _request)
        {
            var asked = policy.OnRequestAsync(exchange);
            var verdict = asked.IsCompletedSuccessfully ? asked.Result : await asked;
            if (verdict.Answer is { } answer)
            {
                return (answer, policy.Stage);
            }
        }

        return null;
    }

    /// <summary>Lets the policies up to a stage see the response.</summary>
    public void OnResponse(Exchange exchange, PolicyStage upTo = PolicyStage.Lifecycle)
    {
        foreach (var policy in _response)
        {
            if (policy.Stage <= upTo)
            {
                policy.OnResponse(exchange);
            }
        }
    }

    public void OnComplete(Exchange exchange)
    {
        foreach (var policy in _completion)
        {
            policy.OnComplete(exchange);
        }
    }
}
