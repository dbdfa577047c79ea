using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// The connection that calls are written on. Its session holds the slot whose rollup rows it writes, so whoever else has
/// the slot next has it after this session is over, and a transaction of a lost session never commits.
/// </summary>
internal sealed class IngestSession : IAsyncDisposable
{
    private const int Locks = 0x6170_6901;
    private const short MostSlots = 256;

    private IngestSession(NpgsqlConnection connection, short slot)
    {
        Connection = connection;
        Slot = slot;
    }

    public NpgsqlConnection Connection { get; }

    public short Slot { get; }

    /// <exception cref="InvalidOperationException">All slots are taken: that many instances are not meant.</exception>
    public static async Task<IngestSession> OpenAsync(
        NpgsqlDataSource database,
        CancellationToken cancellationToken
    )
    {
        var connection = await database.OpenConnectionAsync(cancellationToken);
        try
        {
            for (short slot = 0; slot < MostSlots; slot++)
            {
                if (
                    await connection.ExecuteScalarAsync<bool>(
                        "select pg_try_advisory_lock(@Locks, @slot)",
                        new { Locks, slot = (int)slot }
                    )
                )
                {
                    // The slot of a machine that is gone becomes free after seconds, not hours.
                    await connection.ExecuteAsync(
                        "set tcp_keepalives_idle = 5; set tcp_keepalives_interval = 2; set tcp_keepalives_count = 3"
                    );
                    return new(connection, slot);
                }
            }

            throw new InvalidOperationException($"All {MostSlots} slots of rollups are taken.");
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends the session for sure: the pool would keep it, and the slot with it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Connection.State == System.Data.ConnectionState.Open)
        {
            try
            {
                await Connection.ExecuteAsync(
                    "select pg_advisory_unlock(@Locks, @slot)",
                    new { Locks, slot = (int)Slot }
                );
            }
            catch (Exception e) when (e is NpgsqlException or InvalidOperationException)
            {
                NpgsqlConnection.ClearPool(Connection);
            }
        }

        await Connection.DisposeAsync();
    }
}
