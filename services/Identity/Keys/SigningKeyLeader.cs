using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Leadership;

namespace ApiSvc.Identity.Keys;

/// <summary>Sees every minute whether a signing key's time has come, in one instance.</summary>
internal sealed class SigningKeyLeader(
    LeaderElection election,
    IServiceScopeFactory scopes,
    SigningKeys keys,
    TimeProvider time
) : LeaderService("signing-keys", election)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsLeaderAsync(
        LeaderConnection leader,
        CancellationToken cancellationToken
    )
    {
        // The first are made by whoever starts.
        await keys.WaitAsync(cancellationToken);
        while (true)
        {
            await using (var scope = scopes.CreateAsyncScope())
            {
                await scope
                    .ServiceProvider.GetRequiredService<SigningKeyRotation>()
                    .TurnAsync(Actor.System("identity"), cancellationToken);
            }

            await Task.Delay(Interval, time, cancellationToken);
        }
    }
}
