using System.Security.Cryptography;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Tokens;

/// <summary>All clients: the configured ones, and those of the platform, of teams and of applications.</summary>
internal sealed partial class ClientDirectory(
    ClientRegistry configured,
    NpgsqlDataSource database,
    ILogger<ClientDirectory> logger
)
{
    private static readonly byte[] Nobody = RandomNumberGenerator.GetBytes(SHA256.HashSizeInBytes);

    private static readonly ApiProblem DatabaseAway = new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "clients-unavailable",
        Detail = "Clients cannot be looked up now. Try again.",
        RetryAfter = 2,
    };

    /// <returns>Null if there is no such client, it is revoked, or the secret is not its.</returns>
    /// <exception cref="ApiProblemException">503: the client may be in the database, which is away.</exception>
    public async Task<IssuerClient?> AuthenticateAsync(
        string id,
        string secret,
        CancellationToken cancellationToken
    )
    {
        if (configured.Contains(id) || !Id<OAuthClientKind>.TryParse(id, out var client))
        {
            return configured.Authenticate(id, secret);
        }

        try
        {
            return await FindAsync(client, secret, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            Log.DatabaseAway(logger, e);
            throw new ApiProblemException(DatabaseAway);
        }
    }

    private async Task<IssuerClient?> FindAsync(
        Id<OAuthClientKind> id,
        string secret,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var row = await db.QuerySingleOrDefaultAsync<Row>(
            """
            select secret_sha256 as hash, null::uuid as application, null::text[] as scopes, team_id as team, roles,
              null::timestamptz as tokensNotBefore
            from team_clients where id = @id and revoked_at is null
            union all
            select secret_sha256, application_id, scopes, null, null, tokens_not_before
            from oauth_clients where id = @id and revoked_at is null
            union all
            select secret_sha256, null, null, null, roles, null
            from platform_clients where id = @id and revoked_at is null
            """,
            new { id = id.Value }
        );
        var isRight = CryptographicOperations.FixedTimeEquals(
            GeneratedSecret.Hash(secret),
            row?.Hash ?? Nobody
        );
        return row is not null && isRight ? ToClient(id.ToString(), row) : null;
    }

    private static IssuerClient ToClient(string id, Row row) =>
        row switch
        {
            { Application: { } application } => new(
                id,
                ClientKind.Application,
                [],
                [IssuerOptions.ApiAudience]
            )
            {
                Application = new Id<ApplicationKind>(application).ToString(),
                Scopes = row.Scopes!,
                TokensNotBefore = row.TokensNotBefore,
            },
            { Team: { } team } => new(id, ClientKind.Client, [], IssuerOptions.SuiteServices)
            {
                Teams = new Dictionary<string, IReadOnlyList<string>>
                {
                    [new Id<TeamKind>(team).ToString()] = row.Roles!,
                },
            },
            _ => new(id, ClientKind.Client, row.Roles!, IssuerOptions.SuiteServices),
        };

    // Arrays come as System.Array, by which no constructor is found.
    [method: ExplicitConstructor]
    private sealed record Row(
        byte[] Hash,
        Guid? Application,
        string[]? Scopes,
        Guid? Team,
        string[]? Roles,
        DateTime? TokensNotBefore
    );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A client could not be looked up")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);
    }
}
