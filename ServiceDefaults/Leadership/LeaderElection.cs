using System.Diagnostics.Metrics;
using ApiSvc.ServiceDefaults.Data;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.ServiceDefaults.Leadership;

/// <summary>What every job with one leader needs.</summary>
public sealed class LeaderElection
{
    private readonly NpgsqlDataSource dataSource;
    private readonly DatabaseReady ready;
    private readonly UpDownCounter<int> leaders;
    private readonly Counter<int> changes;

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
        this.dataSource = dataSource;
        this.ready = ready;
        Options = options.Value;
        Time = time;
        Logger = logger;
        var meter = ServiceMeter.Create(meters);
        leaders = meter.CreateUpDownCounter<int>(
            "apisvc.leader",
            description: "1 where this process leads the job, 0 where it does not"
        );
        changes = meter.CreateCounter<int>(
            "apisvc.leader.changes",
            description: "How often this process became the job's leader or ceased to be it"
        );
    }

    internal LeaderOptions Options { get; }

    internal TimeProvider Time { get; }

    internal ILogger Logger { get; }

    internal async Task<LeaderConnection?> TryAcquireAsync(string job, CancellationToken token)
    {
        await ready.WaitAsync(token);
        return await LeaderConnection.TryAcquireAsync(dataSource, job, token);
    }

    internal void Count(string job, int change)
    {
        var tag = new KeyValuePair<string, object?>("job", job);
        leaders.Add(change, tag);
        changes.Add(1, tag);
    }
}
