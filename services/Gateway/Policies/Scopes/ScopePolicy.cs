using System.Text;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Scopes;

/// <summary>
/// Asks for all scopes of the operation. A key without scopes stands for its whole application and has them all; a token
/// has those that it names.
/// </summary>
internal sealed class ScopePolicy(IReadOnlyList<string> required) : IRequestPolicy
{
    // RFC 6750 section 3.1: the challenge says what would be enough.
    private readonly byte[] _challenge = Encoding.ASCII.GetBytes(
        $"Bearer realm=\"apisvc\", error=\"insufficient_scope\", scope=\"{string.Join(' ', required.Where(IsScope))}\""
    );

    private readonly string[] _required = [.. required];

    public PolicyStage Stage => PolicyStage.Scope;

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        if (exchange.Caller.Scopes is { } scopes)
        {
            foreach (var scope in _required)
            {
                if (!scopes.Contains(scope))
                {
                    exchange.ResponseHeaders.Set(HeaderName.WwwAuthenticate, _challenge);
                    return new(Verdict.Of(GatewayProblems.InsufficientScope));
                }
            }
        }

        return new(Verdict.Continue);
    }

    // RFC 6749 section 3.3; others cannot stand in the challenge.
    private static bool IsScope(string scope) =>
        scope.All(c => c is > ' ' and <= '~' and not ('"' or '\\'));
}
