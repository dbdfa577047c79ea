using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>
/// Finds out who calls, by the first of the methods of which the request carries something. A credential whose
/// application is not in the configuration is no credential.
/// </summary>
internal sealed class AuthenticationPolicy(IReadOnlyList<IAuthenticationMethod> methods)
    : IRequestPolicy
{
    private readonly IAuthenticationMethod[] _methods = [.. methods];

    public PolicyStage Stage => PolicyStage.Authentication;

    /// <summary>Names of query parameters that carry credentials.</summary>
    public IEnumerable<byte[]> SecretParameters =>
        _methods.OfType<ApiKeyMethod>().Select(m => m.Parameter).Where(p => p.Length > 0);

    public ValueTask<Verdict> OnRequestAsync(Exchange exchange)
    {
        foreach (var method in _methods)
        {
            if (method.IsCarriedBy(exchange))
            {
                return JudgeAsync(exchange, method);
            }
        }

        foreach (var method in _methods)
        {
            if (method.Challenge is { } challenge)
            {
                exchange.ResponseHeaders.Add(HeaderName.WwwAuthenticate, challenge);
            }
        }

        return new(Verdict.Of(GatewayProblems.NoCredential));
    }

    private static async ValueTask<Verdict> JudgeAsync(
        Exchange exchange,
        IAuthenticationMethod method
    )
    {
        var asked = method.AuthenticateAsync(exchange);
        var problem = asked.IsCompletedSuccessfully ? asked.Result : await asked;
        var caller = exchange.Caller;
        if (
            problem is null
            && caller.Kind != CallerKind.Anonymous
            && exchange.State.Configuration.ApplicationOf(caller, exchange.Api?.ApiId ?? default)
                is null
        )
        {
            exchange.Caller = Caller.Anonymous;
            problem = GatewayProblems.WrongCredential;
        }

        if (problem is null)
        {
            return Verdict.Continue;
        }

        if (problem.Status == 401 && method.RefusedChallenge is { } challenge)
        {
            exchange.ResponseHeaders.Set(HeaderName.WwwAuthenticate, challenge);
        }

        return Verdict.Of(problem);
    }
}
