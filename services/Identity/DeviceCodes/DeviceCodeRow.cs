using Dapper;

namespace ApiSvc.Identity.DeviceCodes;

/// <summary>A row of the table <c>device_codes</c>.</summary>
// Arrays come as System.Array, by which no constructor is found.
[method: ExplicitConstructor]
internal sealed record DeviceCodeRow(
    byte[] Sha256,
    string UserCode,
    string ClientId,
    string[] Scopes,
    DateTime ExpiresAt,
    int IntervalSeconds,
    DateTime? PolledAt,
    Guid? GrantId,
    DateTime? DeniedAt,
    DateTime? UsedAt
)
{
    public const string Columns = """
        sha256, user_code as userCode, client_id as clientId, scopes, expires_at as expiresAt,
        interval_seconds as intervalSeconds, polled_at as polledAt, grant_id as grantId, denied_at as deniedAt,
        used_at as usedAt
        """;
}
