using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Leadership;

/// <summary>What every job with one leader needs.</summary>
public sealed class LeaderElection
{
    private readonly NpgsqlDataSource _dataSource;
    private readonly DatabaseReady _ready;
    private readonly UpDownCounter<int> _leaders;
    private readonly Counter<int> _changes;

    /// <summary>Made once per process.</summary>
    public LeaderElection(
        NpgsqlDataSource dataSource,
        DatabaseReady ready,
        IOptions<LeaderOptions> options,
        IMeterFactory meters,
        TimeProvider time,
        ILogger<LeaderElection> logger
    )
    {
        _dataSource = dataSource;
        _ready = ready;
        Options = options.Value;
        Time = time;
        Logger = logger;
        var meter = ServiceMeter.Create(meters);
        _leaders = meter.CreateUpDownCounter<int>(
            "apisvc.leader",
            description: "1 where this process leads the job, 0 where it does not"
        );
        _changes = meter.CreateCounter<int>(
            "apisvc.leader.changes",
            description: "How often this process became the job's leader or ceased to be it"
        );
    }

    internal LeaderOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal async Task<LeaderConnection?> TryAcquireAsync(string job, CancellationToken token)
    {
        await _ready.WaitAsync(token);
        return await LeaderConnection.TryAcquireAsync(_dataSource, job, token);
    }

    internal void Count(string job, int change)
    {
        var tag = new KeyValuePair<string, object?>("job", job);
        _leaders.Add(change, tag);
        _changes.Add(1, tag);
    }
}
