using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Policies.Authentication;

/// <summary>
/// A bearer token (RFC 6750 section 2.1) that is a JWT access token (RFC 9068). The upstream does not get it: it was
/// meant for the gateway, and whoever holds it could call again.
/// </summary>
/// <param name="rule">Which issuers and audiences are taken.</param>
internal sealed class JwtMethod(TokenRule rule) : IAuthenticationMethod
{
    public byte[] Challenge { get; } = "Bearer realm=\"apisvc\""u8.ToArray();

    public byte[] RefusedChallenge { get; } =
        "Bearer realm=\"apisvc\", error=\"invalid_token\""u8.ToArray();

    public bool IsCarriedBy(Exchange exchange) =>
        BearerToken.In(exchange.RequestHeaders).Length > 0;

    public async ValueTask<Problem?> AuthenticateAsync(Exchange exchange)
    {
        var fields = exchange.RequestHeaders;
        if (fields.Count(HeaderName.Authorization) != 1)
        {
            return GatewayProblems.WrongCredential;
        }

        var token = exchange.Arena.Keep(BearerToken.In(fields));
        var asked = exchange.State.Credentials.CheckTokenAsync(token, rule, exchange.Now);
        var caller = asked.IsCompletedSuccessfully ? asked.Result : await asked;
        if (caller is null)
        {
            return GatewayProblems.WrongCredential;
        }

        exchange.Caller = caller;
        fields.Remove(HeaderName.Authorization);
        return null;
    }
}

/// <summary>Which tokens an API takes.</summary>
/// <param name="Issuers">Accepted issuers; empty: the suite's own.</param>
/// <param name="Audiences">Accepted audiences; empty: those of the issuer's entry.</param>
internal sealed record TokenRule(IReadOnlyList<string> Issuers, IReadOnlyList<string> Audiences);
