using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.Grants;

/// <summary>Writes the tokens that a grant stands for.</summary>
internal sealed class GrantTokens(
    UnitOfWork work,
    GrantStore grants,
    AccessTokenWriter accessTokens,
    IdTokenWriter idTokens
)
{
    /// <summary>Writes and commits.</summary>
    /// <param name="grant">What the user gave; locked.</param>
    /// <param name="client">To whom.</param>
    /// <param name="scopes">For which of the grant's scopes the access token is.</param>
    /// <param name="nonce">Of the request that it answers; null if there was none.</param>
    public async Task<TokenAnswer> WriteAsync(
        GrantRow grant,
        IssuerClient client,
        IReadOnlyList<string> scopes,
        string? nonce
    )
    {
        var db = await work.OpenAsync();
        var user = await TokenUser.ReadAsync(db, grant.UserId, grant.SessionId);
        var scope = string.Join(' ', scopes);
        var access = accessTokens.Write(client, client.Audiences, scope, user);
        await grants.AddAccessTokenAsync(grant, access);
        var answer = access.ToAnswer(scope.Length > 0 ? scope : null) with
        {
            IdToken = scopes.Contains(IdentityScopes.OpenId)
                ? idTokens.Write(grant, client, user, access.Text, nonce)
                : null,
            RefreshToken =
                grant.Scopes.Contains(IdentityScopes.OfflineAccess)
                && client.Uses(GrantTypes.RefreshToken)
                    ? await grants.AddRefreshTokenAsync(grant)
                    : null,
        };
        await work.CommitAsync();
        return answer;
    }
}
