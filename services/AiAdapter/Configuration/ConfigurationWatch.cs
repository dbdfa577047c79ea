using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>
/// Reads the configuration, and again what changes: whichever process commits a change notifies. After each time without a
/// connection all of it is read again. While the database is away, what was read last is served.
/// </summary>
internal sealed partial class ConfigurationWatch(
    NpgsqlDataSource database,
    DatabaseReady ready,
    ConfigurationReader reader,
    ConfigurationState state,
    IOptions<ConfigurationOptions> options,
    TimeProvider time,
    ILogger<ConfigurationWatch> logger
) : BackgroundService
{
    private const string Channel = "ai_configuration";
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(5));

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await ready.WaitAsync(stoppingToken);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await FollowAsync(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                state.Trouble = $"The database cannot be read: {e.Message}";
                var pause = _backoff.Next();
                Log.Deaf(logger, e, pause, state.Current.Generation);
                await Task.Delay(pause, time, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task FollowAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        HashSet<Guid> changed = [];
        db.Notification += (_, notice) => changed.Add(Guid.Parse(notice.Payload));
        await using var listen = new NpgsqlCommand($"listen {Channel}", db);
        var fullAt = time.GetUtcNow();
        while (true)
        {
            var all = time.GetUtcNow() >= fullAt;
            if (all)
            {
                // Before reading: what is committed between the two is then heard. Again each time, which changes nothing,
                // but finds a connection that is dead without a word.
                await listen.ExecuteNonQueryAsync(cancellationToken);
            }

            var teams = changed.ToArray();
            changed.Clear();
            if (all || teams.Length > 0)
            {
                await LoadAsync(all ? null : teams, cancellationToken);
                _backoff.Reset();
                fullAt = all ? time.GetUtcNow() + options.Value.Refresh : fullAt;
                await Task.Delay(options.Value.Coalesce, time, cancellationToken);
            }

            var left = fullAt - time.GetUtcNow();
            if (left > TimeSpan.Zero && changed.Count == 0)
            {
                await db.WaitAsync(left, cancellationToken);
            }
        }
    }

    private async Task LoadAsync(
        IReadOnlyCollection<Guid>? teams,
        CancellationToken cancellationToken
    )
    {
        state.Apply(await reader.ReadAsync(teams, cancellationToken), teams);
        Log.Follows(logger, state.Current.Generation, state.Current.Teams.Count);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Debug, "Configuration {Generation} of {Teams} teams")]
        public static partial void Follows(ILogger logger, long generation, int teams);

        [LoggerMessage(
            LogLevel.Warning,
            "No changes of the configuration can be read for {Pause}; {Generation} is served (0: none)"
        )]
        public static partial void Deaf(
            ILogger logger,
            Exception exception,
            TimeSpan pause,
            long generation
        );
    }
}
