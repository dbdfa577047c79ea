using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.OAuthClients;
using ApiSvc.Identity.Tokens;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Leadership;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>
/// Takes from the logs what says nothing any more: revocations of tokens that have expired, and epochs from before
/// any token that can still be valid. The same minute sees to what users gave clients.
/// </summary>
internal sealed class ExpirySweeper(
    LeaderElection election,
    IServiceScopeFactory scopes,
    GrantSweeper grants,
    DatabaseReady ready,
    IOptions<IssuerOptions> issuer,
    TimeProvider time
) : LeaderService("credential-sweeper", election)
{
    private const int AtOnce = 500;
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Gateways' clocks may be behind.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        await ready.WaitAsync(cancellationToken);
        while (true)
        {
            await SweepAsync(cancellationToken);
            await grants.SweepAsync(cancellationToken);
            await Task.Delay(Interval, time, cancellationToken);
        }
    }

    /// <summary>One sweep; two at once do no harm.</summary>
    public async Task SweepAsync(CancellationToken cancellationToken)
    {
        while (await SweepPartAsync(cancellationToken) == AtOnce)
        {
            // In parts, so that the logs are not locked for long.
        }
    }

    private async Task<int> SweepPartAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var log = scope.ServiceProvider.GetRequiredService<CredentialLog>();
        var db = await work.OpenAsync(cancellationToken);
        var end = time.Now() - Margin;
        var tokens = (
            await db.QueryAsync<string>(
                """
                delete from revoked_tokens where token_id in (
                  select token_id from revoked_tokens where expires_at < @end limit @AtOnce for update skip locked)
                returning token_id
                """,
                new { end, AtOnce }
            )
        ).AsList();
        tokens.ForEach(log.DeleteRevoked);
        var clients = (
            await db.QueryAsync<OAuthClientRow>(
                $"""
                with old as (
                  update oauth_clients set tokens_not_before = null, version = version + 1 where id in (
                    select id from oauth_clients where tokens_not_before < @end limit @AtOnce for update skip locked)
                  returning *
                )
                select {OAuthClientRow.Columns} from old c join applications a on a.id = c.application_id
                """,
                new { end = end - issuer.Value.TokenLifetime, AtOnce }
            )
        ).AsList();
        clients.ForEach(log.DeleteEpoch);
        await log.AppendAsync();
        await work.CommitAsync(cancellationToken);
        return Math.Max(tokens.Count, clients.Count);
    }
}
