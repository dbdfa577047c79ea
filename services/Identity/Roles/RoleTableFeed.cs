using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Permissions;
using Npgsql;
using TableMessage = ApiSvc.Contracts.Identity.V1.RoleTable;

namespace ApiSvc.Identity.Roles;

/// <summary>
/// The role table as the database has it, now and after each change: Identity decides by it itself and streams it to
/// the other services.
/// </summary>
internal sealed partial class RoleTableFeed(
    NpgsqlDataSource database,
    RoleTableState state,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<RoleTableFeed> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    // Should a notification be lost, the table is read anyway.
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private TaskCompletionSource<TableMessage> _next = NewNext();

    /// <summary>The newest table; null until it was read.</summary>
    public TableMessage? Current { get; private set; }

    /// <summary>The table once one of its versions is another than the one given.</summary>
    public async Task<TableMessage> WaitForOtherAsync(
        ulong version,
        ulong signingKeysVersion,
        CancellationToken cancellationToken
    )
    {
        while (true)
        {
            var next = Volatile.Read(ref _next);
            if (
                Current is { } current
                && (current.Version != version || current.SigningKeysVersion != signingKeysVersion)
            )
            {
                return current;
            }

            await next.Task.WaitAsync(cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (true)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRead(logger, e, Pause);
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await using (var listen = new NpgsqlCommand($"listen {RoleTableHead.Channel}", db))
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        while (true)
        {
            Take(await RoleRow.ReadTableAsync(db));
            await db.WaitAsync(LongestWait, cancellationToken);
        }
    }

    private void Take(TableMessage table)
    {
        // Version 0: the first start has not put any roles there yet.
        if (
            table.Version == 0
            || (
                table.Version == Current?.Version
                && table.SigningKeysVersion == Current.SigningKeysVersion
            )
        )
        {
            return;
        }

        state.Replace(
            new RoleTable(
                table.Roles.Select(r =>
                    KeyValuePair.Create(r.Name, (IReadOnlyCollection<string>)[.. r.Permissions])
                )
            )
        );
        Current = table;
        Interlocked.Exchange(ref _next, NewNext()).SetResult(table);
    }

    private static TaskCompletionSource<TableMessage> NewNext() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The role table was not read; next try in {Pause}")]
        public static partial void NotRead(ILogger logger, Exception exception, TimeSpan pause);
    }
}
