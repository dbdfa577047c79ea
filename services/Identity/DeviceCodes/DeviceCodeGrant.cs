using ApiSvc.Identity.Changes;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>Tokens for a device code, once its user has allowed it (RFC 8628 section 3.4). It is good once.</summary>
internal sealed class DeviceCodeGrant(
    UnitOfWork work,
    DeviceCodeStore codes,
    GrantTokens tokens,
    GrantRevocation revocation,
    TimeProvider time
) : ITokenGrant
{
    public string Type => GrantTypes.DeviceCode;

    public async Task<TokenOutcome> GiveAsync(
        TokenRequest request,
        IssuerClient client,
        CancellationToken cancellationToken
    )
    {
        if (request["device_code"] is not { } text)
        {
            return TokenError.Missing("device_code");
        }

        var row = await codes.LockAsync(GeneratedSecret.Hash(text));
        if (row is null || row.ClientId != client.Id)
        {
            return TokenError.InvalidGrant;
        }

        if (row.DeniedAt is not null)
        {
            return TokenError.AccessDenied;
        }

        if (row.GrantId is not { } grantId)
        {
            return time.Now() >= row.ExpiresAt ? TokenError.ExpiredToken
                : await codes.PollAsync(row) ? TokenError.SlowDown
                : TokenError.AuthorizationPending;
        }

        var db = await work.OpenAsync(cancellationToken);
        if (await GrantRow.FindAsync(db, grantId, isLocked: true) is not { RevokedAt: null } grant)
        {
            return TokenError.InvalidGrant;
        }

        if (row.UsedAt is not null)
        {
            await revocation.RevokeAsync(
                grant,
                "device-code-reused",
                client.ToActor(request.Address)
            );
            return TokenError.InvalidGrant;
        }

        if (time.Now() >= row.ExpiresAt)
        {
            return TokenError.ExpiredToken;
        }

        await codes.UseAsync(row);
        return await tokens.WriteAsync(grant, client, grant.ScopesFor(client), nonce: null);
    }
}
