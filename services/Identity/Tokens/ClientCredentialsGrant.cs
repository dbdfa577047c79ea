using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.Tokens;

/// <summary>Tokens of clients for themselves (RFC 6749 section 4.4).</summary>
internal sealed class ClientCredentialsGrant(AccessTokenWriter writer) : ITokenGrant
{
    public string Type => GrantTypes.ClientCredentials;

    public Task<TokenOutcome> GiveAsync(
        TokenRequest request,
        IssuerClient client,
        CancellationToken cancellationToken
    ) => Task.FromResult(Give(request, client));

    private TokenOutcome Give(TokenRequest request, IssuerClient client)
    {
        if (request.Scope is { } asked && JudgeScope(asked, client) is { } wrong)
        {
            return wrong;
        }

        if (request.Audiences.Except(client.Audiences, StringComparer.Ordinal).Any())
        {
            return new TokenError(
                "invalid_target",
                $"This client can have tokens for: {string.Join(", ", client.Audiences)}."
            );
        }

        var audiences = request.Audiences.Count > 0 ? request.Audiences : client.Audiences;
        var scope = client.Application is null
            ? null
            : request.Scope ?? string.Join(' ', client.Scopes);
        return writer
            .Write(client, audiences, scope)
            .ToAnswer(string.IsNullOrEmpty(scope) ? null : scope);
    }

    private static TokenError? JudgeScope(string scope, IssuerClient client)
    {
        if (client.Application is null)
        {
            return new("invalid_scope", "There are no scopes here: a client's roles decide.");
        }

        return scope.Split(' ').Except(client.Scopes, StringComparer.Ordinal).Any()
            ? new("invalid_scope", $"This client has: {string.Join(' ', client.Scopes)}.")
            : null;
    }
}
