using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>
/// Finds out who calls, by the first of the methods of which the request carries something. A credential whose
/// application is not in the configuration is no credential.
/// </summary>
/// <param name="methods">In their order.</param>
/// <param name="passesOn">Whether the upstream gets the credential too.</param>
internal sealed class AuthenticationPolicy(
    IReadOnlyList<IAuthenticationMethod> methods,
    bool passesOn = false
) : IRequestPolicy
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
                return passesOn ? KeepAsync(exchange, method) : JudgeAsync(exchange, method);
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

    // Methods take away what they read.
    private static async ValueTask<Verdict> KeepAsync(
        Exchange exchange,
        IAuthenticationMethod method
    )
    {
        var fields = exchange.RequestHeaders;
        var authorization = exchange.Arena.Keep(fields.Get(HeaderName.Authorization));
        var key = exchange.Arena.Keep(fields.Get(HeaderName.XApiKey));
        var verdict = await JudgeAsync(exchange, method);
        if (verdict.Answer is null)
        {
            Restore(fields, HeaderName.Authorization, authorization.Span);
            Restore(fields, HeaderName.XApiKey, key.Span);
        }

        return verdict;
    }

    private static void Restore(HeaderFields fields, HeaderName name, ReadOnlySpan<byte> value)
    {
        if (!value.IsEmpty)
        {
            fields.Set(name, value);
        }
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
