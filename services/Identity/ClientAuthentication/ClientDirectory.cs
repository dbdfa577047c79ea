using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>All clients: the configured ones, and those of the platform, of teams and of applications.</summary>
internal sealed partial class ClientDirectory(
    ClientRegistry configured,
    NpgsqlDataSource database,
    ILogger<ClientDirectory> logger
)
{
    private const string Select = """
        select name, secret_sha256 as hash, null::uuid as application, null::text[] as scopes, team_id as team, roles,
          null::timestamptz as tokensNotBefore, 'secret' as authentication, null as jwks,
          null as jwksUri,
          '{client_credentials}'::text[] as grantTypes, '{}'::text[] as redirectUris,
          '{}'::text[] as postLogoutRedirectUris, 'ES256' as accessTokenSigningAlg,
          'ES256' as idTokenSignedResponseAlg
        from team_clients where id = $1 and revoked_at is null
        union all
        select c.name, c.secret_sha256, c.application_id, c.scopes, a.team_id, null, c.tokens_not_before,
          c.authentication, c.jwks, c.jwks_uri, c.grant_types, c.redirect_uris, c.post_logout_redirect_uris,
          c.access_token_signing_alg, c.id_token_signed_response_alg
        from oauth_clients c join applications a on a.id = c.application_id
        where c.id = $1 and c.revoked_at is null
        union all
        select name, secret_sha256, null, null, null, roles, null, 'secret', null, null, '{client_credentials}', '{}', '{}',
          'ES256', 'ES256'
        from platform_clients where id = $1 and revoked_at is null
        """;

    private static readonly ApiProblem DatabaseAway = new()
    {
        Status = StatusCodes.Status503ServiceUnavailable,
        Code = "clients-unavailable",
        Detail = "Clients cannot be looked up now. Try again.",
        RetryAfter = 2,
    };

    /// <returns>Null if there is no such client, or it is revoked.</returns>
    /// <exception cref="ApiProblemException">503: the client may be in the database, which is away.</exception>
    public async Task<RegisteredClient?> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (configured.Find(id) is { } client)
        {
            return client;
        }

        if (!Id<OAuthClientKind>.TryParse(id, out var stored) || stored.ToString() != id)
        {
            return null;
        }

        try
        {
            return await ReadAsync(stored, cancellationToken);
        }
        catch (NpgsqlException e)
        {
            Log.DatabaseAway(logger, e);
            throw new ApiProblemException(DatabaseAway);
        }
    }

    private async Task<RegisteredClient?> ReadAsync(
        Id<OAuthClientKind> id,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using var query = new NpgsqlCommand(Select, db)
        {
            Parameters = { new() { Value = id.Value } },
        };
        // For each token: the connection keeps it, and the server need not plan it again.
        await query.PrepareAsync(cancellationToken);
        await using var rows = await query.ExecuteReaderAsync(cancellationToken);
        var row = await rows.ReadAsync(cancellationToken) ? rows.GetRowParser<Row>()(rows) : null;
        return row is null
            ? null
            : new(ToClient(id.ToString(), row), row.Hash, row.Jwks, row.JwksUri);
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
                Name = row.Name,
                Application = new Id<ApplicationKind>(application).ToString(),
                Team = row.Team,
                Scopes = row.Scopes!,
                Authentication = row.Authentication,
                GrantTypes = row.GrantTypes,
                RedirectUris = row.RedirectUris,
                PostLogoutRedirectUris = row.PostLogoutRedirectUris,
                AccessTokenSigningAlg = row.AccessTokenSigningAlg,
                IdTokenSignedResponseAlg = row.IdTokenSignedResponseAlg,
                TokensNotBefore = row.TokensNotBefore,
            },
            { Team: { } team } => new(id, ClientKind.Client, [], IssuerOptions.SuiteServices)
            {
                Name = row.Name,
                Teams = new Dictionary<string, IReadOnlyList<string>>
                {
                    [new Id<TeamKind>(team).ToString()] = row.Roles!,
                },
            },
            _ => new(id, ClientKind.Client, row.Roles!, IssuerOptions.SuiteServices)
            {
                Name = row.Name,
            },
        };

    // Arrays come as System.Array, by which no constructor is found.
    [method: ExplicitConstructor]
    private sealed record Row(
        string Name,
        byte[]? Hash,
        Guid? Application,
        string[]? Scopes,
        Guid? Team,
        string[]? Roles,
        DateTime? TokensNotBefore,
        string Authentication,
        string? Jwks,
        string? JwksUri,
        string[] GrantTypes,
        string[] RedirectUris,
        string[] PostLogoutRedirectUris,
        string AccessTokenSigningAlg,
        string IdTokenSignedResponseAlg
    );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A client could not be looked up")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);
    }
}
