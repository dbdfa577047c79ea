using ApiSvc.ServiceDefaults.Leadership;
using Dapper;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>Deletes expired answers.</summary>
internal sealed class IdempotencySweeper(
    LeaderElection election,
    IOptions<IdempotencyOptions> options,
    TimeProvider time
) : LeaderService("idempotency-sweep", election)
{
    private const int DeleteAtOnce = 1_000;

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            while (await SweepAsync(leader, cancellationToken) == DeleteAtOnce)
            {
                // In parts, so that the heartbeat gets its turn.
            }

            await Task.Delay(options.Value.SweepInterval, time, cancellationToken);
        }
    }

    private Task<int> SweepAsync(LeaderConnection leader, CancellationToken cancellationToken) =>
        leader.RunAsync(
            db =>
                db.ExecuteAsync(
                    """
                    delete from service.idempotent_answer where scope in (
                      select scope from service.idempotent_answer where expires_at <= @now limit @DeleteAtOnce)
                    """,
                    new { now = time.GetUtcNow(), DeleteAtOnce }
                ),
            cancellationToken
        );
}
