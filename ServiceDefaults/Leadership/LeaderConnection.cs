using System.Data;
using ApiSvc.ServiceDefaults.Data;
using Dapper;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Leadership;

/// <summary>
/// The connection whose session holds a leader's lock. A statement that runs on it takes effect only while the lock
/// is held, so one that must never come from a former leader (marking what was published) belongs here; anything
/// else can use connections of its own.
/// </summary>
public sealed class LeaderConnection : IAsyncDisposable
{
    private readonly NpgsqlConnection _connection;
    private readonly long _key;
    private readonly SemaphoreSlim _turn = new(1);

    private LeaderConnection(NpgsqlConnection connection, long key)
    {
        _connection = connection;
        _key = key;
    }

    /// <summary>Runs work on the lock's connection, one at a time. Keep it short: the heartbeat waits for it.</summary>
    /// <exception cref="NpgsqlException">Among others when the session, and so the lock, is lost just now.</exception>
    /// <exception cref="InvalidOperationException">It was lost before.</exception>
    public async Task<T> RunAsync<T>(
        Func<NpgsqlConnection, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            // A mapper would silently open a lost connection again, in a session that does not hold the lock.
            return _connection.State == ConnectionState.Open
                ? await work(_connection)
                : throw new InvalidOperationException("The leader's connection was lost.");
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Takes the lock if nobody holds it.</summary>
    internal static async Task<LeaderConnection?> TryAcquireAsync(
        NpgsqlDataSource dataSource,
        string name,
        CancellationToken cancellationToken
    )
    {
        var lockKey = LockKey.Of("apisvc:leader:" + name);
        var opened = await dataSource.OpenConnectionAsync(cancellationToken);
        try
        {
            if (
                await opened.ExecuteScalarAsync<bool>(
                    "select pg_try_advisory_lock(@lockKey)",
                    new { lockKey }
                )
            )
            {
                // The server frees the lock of a leader whose machine is gone after about ten seconds, not hours.
                await opened.ExecuteAsync(
                    "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3"
                );
                return new LeaderConnection(opened, lockKey);
            }
        }
        catch
        {
            await CloseAsync(opened);
            throw;
        }

        await opened.DisposeAsync();
        return null;
    }

    internal Task HeartbeatAsync(TimeSpan timeout, CancellationToken cancellationToken) =>
        RunAsync(
            db =>
                db.ExecuteAsync(
                    new CommandDefinition(
                        "select 1",
                        commandTimeout: (int)Math.Ceiling(timeout.TotalSeconds),
                        cancellationToken: cancellationToken
                    )
                ),
            cancellationToken
        );

    /// <summary>Releases the lock at once.</summary>
    public async ValueTask DisposeAsync()
    {
        await _turn.WaitAsync();
        try
        {
            if (_connection.State == ConnectionState.Open)
            {
                await _connection.ExecuteAsync(
                    "select pg_advisory_unlock(@key)",
                    new { key = _key }
                );
            }

            await _connection.DisposeAsync();
        }
        catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
        {
            await CloseAsync(_connection);
        }

        _turn.Dispose();
    }

    // A session that may still hold the lock must end: the pool would keep it, and the lock with it.
    private static async Task CloseAsync(NpgsqlConnection broken)
    {
        NpgsqlConnection.ClearPool(broken);
        await broken.DisposeAsync();
    }
}
