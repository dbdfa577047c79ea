using ApiSvc.Identity.ClientAuthentication;
using Dapper;
using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Net.Http.Headers;
using Npgsql;

namespace ApiSvc.Identity.Browsers;

/// <summary>
/// From where scripts in browsers may call (Fetch standard, "CORS protocol"): what is the same for everybody from anywhere,
/// what takes codes and tokens from the origins that public clients are registered with. Cookies are never taken.
/// </summary>
internal sealed partial class BrowserOrigins(
    ClientRegistry configured,
    NpgsqlDataSource database,
    ILogger<BrowserOrigins> logger
) : ICorsPolicyProvider
{
    /// <summary>The policy of what everybody may read.</summary>
    public const string Anywhere = "anywhere";

    /// <summary>The policy of what clients call.</summary>
    public const string Registered = "registered";

    private static readonly TimeSpan Kept = TimeSpan.FromMinutes(10);

    private static readonly CorsPolicy Open = new CorsPolicyBuilder()
        .AllowAnyOrigin()
        .WithMethods(HttpMethods.Get)
        .AllowAnyHeader()
        .SetPreflightMaxAge(Kept)
        .Build();

    public async Task<CorsPolicy?> GetPolicyAsync(HttpContext context, string? policyName)
    {
        if (policyName == Anywhere)
        {
            return Open;
        }

        // What is kept on the way is not for other origins.
        context.Response.Headers.Append(HeaderNames.Vary, HeaderNames.Origin);
        var origin = context.Request.Headers.Origin.ToString();
        return policyName == Registered && await IsRegisteredAsync(origin, context.RequestAborted)
            ? new CorsPolicyBuilder(origin)
                .WithMethods(HttpMethods.Get, HttpMethods.Post)
                .WithHeaders(HeaderNames.Authorization, HeaderNames.ContentType)
                .WithExposedHeaders(HeaderNames.WWWAuthenticate)
                .SetPreflightMaxAge(Kept)
                .Build()
            : null;
    }

    private async Task<bool> IsRegisteredAsync(string origin, CancellationToken cancellationToken)
    {
        if (configured.IsOrigin(origin))
        {
            return true;
        }

        try
        {
            await using var db = await database.OpenConnectionAsync(cancellationToken);
            return await db.ExecuteScalarAsync<bool>(
                new(
                    """
                    select exists (
                      select from oauth_clients where allowed_origins @> array[@origin] and revoked_at is null
                    )
                    """,
                    new { origin },
                    cancellationToken: cancellationToken
                )
            );
        }
        catch (NpgsqlException e)
        {
            Log.DatabaseAway(logger, e);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "An origin could not be looked up")]
        public static partial void DatabaseAway(ILogger logger, Exception exception);
    }
}
