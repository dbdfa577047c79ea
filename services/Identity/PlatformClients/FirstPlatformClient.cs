using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.Identity.Tokens;
using ApiSvc.Identity.Users;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.PlatformClients;

/// <summary>
/// Makes a client that administers the platform where the configuration has none and the database neither; without one
/// nobody could do anything here.
/// </summary>
internal sealed partial class FirstPlatformClient(
    IOptions<IssuerOptions> issuer,
    UuidGenerator ids,
    TimeProvider time,
    ILogger<FirstPlatformClient> logger
) : IFirstStep
{
    private const string Name = "Administrator";

    public async Task RunAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (issuer.Value.Clients.Values.Any(c => c.Roles.Contains(UserRow.Administrator)))
        {
            return;
        }

        var work = services.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        // Two instances that start together must not make one each.
        await db.ExecuteAsync("lock table platform_clients in share row exclusive mode");
        if (await db.ExecuteScalarAsync<bool>("select exists (select from platform_clients)"))
        {
            return;
        }

        var secret = GeneratedSecret.New();
        var id = ids.Next<OAuthClientKind>();
        string[] roles = [UserRow.Administrator];
        await db.ExecuteAsync(
            """
            insert into platform_clients (id, name, roles, secret_sha256, created_at)
            values (@id, @Name, @roles, @hash, @now)
            """,
            new
            {
                id = id.Value,
                Name,
                roles,
                hash = GeneratedSecret.Hash(secret),
                now = time.Now(),
            }
        );
        work.AddAudit(
            Actor
                .System("identity")
                .Did(
                    "platform-client.create",
                    id.ToString(),
                    team: null,
                    after: new { Name, roles }
                )
        );
        await work.CommitAsync(cancellationToken);
        Log.MadeWithSecret(logger, id.ToString(), secret);
    }

    private static partial class Log
    {
        // The one place where the secret is shown: nobody else knows it, and it is not shown again.
        [LoggerMessage(
            LogLevel.Warning,
            "First start: made the administrator's client '{ClientId}' with the secret {Secret} . Keep it, it is not shown again; the log has it"
        )]
        public static partial void MadeWithSecret(ILogger logger, string clientId, string secret);
    }
}
