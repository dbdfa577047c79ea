using ApiSvc.Identity.ClientAuthentication;
using Dapper;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tokens;

/// <summary>Access tokens that are valid and were not ended before their time.</summary>
internal sealed class LiveTokens(
    OwnTokens tokens,
    ClientDirectory clients,
    NpgsqlDataSource database
)
{
    /// <returns>Null if it is none, has expired or was revoked, alone or with all of its client's.</returns>
    public async Task<JsonWebToken?> FindAccessTokenAsync(
        string text,
        CancellationToken cancellationToken
    )
    {
        if (
            await tokens.ReadAccessTokenAsync(text) is not { } token
            || !token.TryGetPayloadValue<string>("client_id", out var id)
            // Identity's own calls come from a configured client, too.
            || await clients.FindAsync(id, cancellationToken) is not { Client: var client }
            || token.IssuedAt < client.TokensNotBefore
        )
        {
            return null;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var isRevoked = await db.ExecuteScalarAsync<bool>(
            "select exists (select from revoked_tokens where token_id = @Id)",
            new { token.Id }
        );
        return isRevoked ? null : token;
    }
}
