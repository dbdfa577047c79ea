using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.GatewayCredentials;

/// <summary>Keeps when API keys were last used, as gateways say. That is no change of a key: nobody is told, nothing is recorded.</summary>
internal sealed class KeyUseBook(NpgsqlDataSource database, TimeProvider time)
{
    private const int AtOnce = 1000;

    public async Task AddAsync(
        IReadOnlyCollection<KeyUse> uses,
        CancellationToken cancellationToken
    )
    {
        if (uses.Count > AtOnce || uses.Any(u => u.KeyId.Length != 16 || u.UsedAt is null))
        {
            throw new ApiProblemException(
                ApiProblem.Invalid(
                    new Violation(
                        "#/uses",
                        "invalid",
                        $"Must be at most {AtOnce}, each with an id of 16 bytes and a time."
                    )
                )
            );
        }

        // A gateway's clock may be ahead: nothing was used in the future.
        var now = time.Now();
        var latest = uses.GroupBy(u => new Guid(u.KeyId.Span, bigEndian: true))
            .Select(g => (Id: g.Key, At: g.Max(u => u.UsedAt.ToDateTime())))
            .OrderBy(u => u.Id)
            .ToList();
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        // Locked in one order: two gateways that tell of the same keys do not wait for each other in a circle.
        await db.ExecuteAsync(
            new(
                """
                with used as (
                  select u.id, least(u.at, @now) as at from unnest(@ids, @times) as u (id, at)
                ), locked as (
                  select k.id from api_keys k join used u on u.id = k.id
                  where k.last_used_at is null or k.last_used_at < u.at
                  order by k.id for update of k
                )
                update api_keys k set last_used_at = u.at
                from used u join locked l on l.id = u.id where k.id = u.id
                """,
                new
                {
                    now,
                    ids = latest.ConvertAll(u => u.Id).ToArray(),
                    times = latest.ConvertAll(u => u.At).ToArray(),
                },
                cancellationToken: cancellationToken
            )
        );
    }
}
