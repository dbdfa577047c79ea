using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>The public keys of the token issuer.</summary>
public interface IIssuerKeys
{
    /// <summary>The keys that a token with this key id may be signed with.</summary>
    /// <param name="keyId">The token's <c>kid</c>; null stands for any.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Empty when the id is unknown; null when no keys are known at all yet.</returns>
    ValueTask<IReadOnlyList<SecurityKey>?> FindAsync(
        string? keyId,
        CancellationToken cancellationToken
    );
}
