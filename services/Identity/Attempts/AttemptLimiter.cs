using ApiSvc.Identity.Changes;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Attempts;

/// <summary>
/// Slows guessing down. An attempt is counted before it is judged, so that many at once are no way around; the row's lock
/// puts them in line. It has connections of its own, so it is called before the unit of work has one: if many held one and
/// waited for another, nobody would get any.
/// </summary>
internal sealed class AttemptLimiter(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Counts the attempts, each unless one before it has to wait.</summary>
    /// <returns>What has to be waited for; null: go on.</returns>
    public async Task<Wait?> BeginAsync(
        CancellationToken cancellationToken,
        params IReadOnlyList<Attempt> attempts
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        foreach (var attempt in attempts)
        {
            if (!await CountAsync(db, attempt))
            {
                return await WaitOfAsync(db, attempt);
            }
        }

        return null;
    }

    /// <summary>It was right: its count begins anew.</summary>
    public async Task ForgetAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await ForgetAsync(db, attempt);
    }

    /// <summary>The same on a connection that is there: who holds one must not wait for another.</summary>
    public static Task ForgetAsync(NpgsqlConnection db, Attempt attempt) =>
        db.ExecuteAsync(
            "delete from attempts where kind = @Kind and sha256 = @Sha256",
            new { attempt.Pace.Kind, attempt.Sha256 }
        );

    /// <summary>It was right, but others are counted with it: only this one is taken back.</summary>
    public async Task TakeBackAsync(Attempt attempt, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            update attempts set count = greatest(0, count - 1), retry_at = 'epoch'
            where kind = @Kind and sha256 = @Sha256
            """,
            new { attempt.Pace.Kind, attempt.Sha256 }
        );
    }

    private async Task<bool> CountAsync(NpgsqlConnection db, Attempt attempt)
    {
        var pace = attempt.Pace;
        // The wait follows the attempt. Where there is none, the time is one of long ago: of attempts at once, one that
        // was counted earlier may have looked at the clock later.
        return await db.ExecuteAsync(
                """
                insert into attempts as a (kind, sha256, count, last_at, retry_at)
                values (@Kind, @Sha256, 1, @now, @forgotten)
                on conflict (kind, sha256) do update set
                  count = case when a.last_at < @forgotten then 1 else a.count + 1 end,
                  last_at = @now,
                  retry_at = case
                    when a.last_at < @forgotten or a.count + 1 < @Free then @forgotten
                    else @now + least(@longest, @first * power(2, least(a.count + 1 - @Free, 30))) * interval '1 second'
                  end
                where a.retry_at <= @now
                """,
                new
                {
                    pace.Kind,
                    attempt.Sha256,
                    pace.Free,
                    now = time.Now(),
                    forgotten = time.Now() - pace.Memory,
                    first = pace.First.TotalSeconds,
                    longest = pace.Longest.TotalSeconds,
                }
            ) > 0;
    }

    private async Task<Wait> WaitOfAsync(NpgsqlConnection db, Attempt attempt)
    {
        var parameters = new
        {
            attempt.Pace.Kind,
            attempt.Sha256,
            now = time.Now(),
        };
        var isNew =
            await db.ExecuteAsync(
                """
                update attempts set told_at = @now
                where kind = @Kind and sha256 = @Sha256 and (told_at is null or told_at < last_at)
                """,
                parameters
            ) > 0;
        var until = await db.ExecuteScalarAsync<DateTime?>(
            "select retry_at from attempts where kind = @Kind and sha256 = @Sha256",
            parameters
        );
        return new((until ?? time.Now()).ToOffset(), attempt.Pace.Kind, isNew);
    }
}
