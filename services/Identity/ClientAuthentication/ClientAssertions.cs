using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.ServiceTokens;
using Dapper;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using Npgsql;

namespace ApiSvc.Identity.ClientAuthentication;

/// <summary>Tokens that clients sign to prove themselves (RFC 7523 section 3, OpenID Connect Core 1.0 section 9).</summary>
internal sealed partial class ClientAssertions(
    NpgsqlDataSource database,
    ClientKeys keys,
    IOptions<TokenOptions> tokens,
    TimeProvider time,
    ILogger<ClientAssertions> logger
)
{
    /// <summary>The <c>client_assertion_type</c>.</summary>
    public const string Type = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

    public static readonly string[] Algorithms =
    [
        SecurityAlgorithms.EcdsaSha256,
        SecurityAlgorithms.RsaSha256,
        SecurityAlgorithms.RsaSsaPssSha256,
    ];

    private const int LongestId = 200;
    private static readonly TimeSpan Skew = TimeSpan.FromSeconds(30);

    // For so long ids have to be kept.
    private static readonly TimeSpan LongestLife = TimeSpan.FromHours(1);

    private static readonly JsonWebTokenHandler Handler = new()
    {
        MaximumTokenSizeInBytes = 4 * 1024,
    };

    /// <summary>Who signed it, as it says itself; null if it is no token.</summary>
    public static string? SubjectOf(string assertion)
    {
        try
        {
            return
                assertion.Length <= Handler.MaximumTokenSizeInBytes
                && Handler.CanReadToken(assertion)
                && Handler.ReadJsonWebToken(assertion)
                    is { IsEncrypted: false, Subject: { Length: > 0 } subject }
                ? subject
                : null;
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException)
        {
            return null;
        }
    }

    /// <summary>Takes it, this once.</summary>
    /// <returns>False if it does not prove this client, or was taken before.</returns>
    public async Task<bool> TakeAsync(
        string assertion,
        RegisteredClient client,
        CancellationToken cancellationToken
    )
    {
        var candidates = await keys.FindAsync(client, KeyOf(assertion), cancellationToken);
        var result = await Handler.ValidateTokenAsync(assertion, Parameters(client, candidates));
        if (result is not { IsValid: true, SecurityToken: JsonWebToken token })
        {
            Log.Refused(logger, client.Client.Id, result.Exception?.GetType().Name ?? "no token");
            return false;
        }

        if (
            token.Subject != client.Client.Id
            || token.Id is not { Length: > 0 and <= LongestId } id
            || token.Audiences.Except(Audiences()).Any()
        )
        {
            Log.Refused(logger, client.Client.Id, "sub, aud or jti");
            return false;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var count = await db.ExecuteAsync(
            """
            insert into client_assertions (client_id, token_id, expires_at) values (@client, @id, @expiresAt)
            on conflict do nothing
            """,
            new
            {
                client = client.Client.Id,
                id,
                expiresAt = DateTime.SpecifyKind(token.ValidTo, DateTimeKind.Utc) + Skew,
            }
        );
        if (count == 0)
        {
            Log.Refused(logger, client.Client.Id, "taken before");
        }

        return count > 0;
    }

    private string[] Audiences() =>
        [tokens.Value.Issuer, tokens.Value.Issuer.TrimEnd('/') + TokenEndpoint.Path];

    // It was read before, to find out whose it is.
    private static string? KeyOf(string assertion) => Handler.ReadJsonWebToken(assertion).Kid;

    private TokenValidationParameters Parameters(
        RegisteredClient client,
        IReadOnlyList<SecurityKey> keys
    ) =>
        new()
        {
            ValidIssuer = client.Client.Id,
            ValidAudiences = Audiences(),
            ValidAlgorithms = Algorithms,
            RequireSignedTokens = true,
            RequireExpirationTime = true,
            IssuerSigningKeys = keys,
            LifetimeValidator = (notBefore, expires, _, _) =>
            {
                var now = time.Now();
                return expires is { } end
                    && now < end + Skew
                    && end <= now + LongestLife
                    && (notBefore is not { } start || now >= start - Skew);
            },
        };

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "An assertion of client '{Client}' was refused: {Reason}"
        )]
        public static partial void Refused(ILogger logger, string client, string reason);
    }
}
