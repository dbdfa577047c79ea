using ApiSvc.Analytics.Rollups;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.Testing;

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>
/// Two teams that provide and consume, each also its own API; calls over three days, taken in and built into hours and
/// days. A third team has nothing.
/// </summary>
internal sealed class Scene : IAsyncDisposable
{
    private const int Count = 4000;
    private static readonly string[] Environments = ["production", "sandbox"];
    private static readonly uint[] Statuses = [200, 200, 200, 201, 304, 401, 404, 429, 500, 503];

    private readonly TestBroker _broker;

    private Scene(TestBroker broker, AnalyticsHost host, IReadOnlyList<CallRecord> records)
    {
        _broker = broker;
        Host = host;
        Records = records;
    }

    public AnalyticsHost Host { get; }

    public IReadOnlyList<CallRecord> Records { get; }

    public static Guid Acme { get; } = Guid.CreateVersion7();

    public static Guid Shop { get; } = Guid.CreateVersion7();

    public static Guid Strangers { get; } = Guid.CreateVersion7();

    /// <summary>Midnight before the last that is over: calls begin two days before it.</summary>
    public static DateTimeOffset Midnight { get; } = new(DateTime.UtcNow.Date, TimeSpan.Zero);

    public static IReadOnlyList<(Guid Id, Guid Team)> Apis { get; } =
    [(Guid.CreateVersion7(), Acme), (Guid.CreateVersion7(), Acme), (Guid.CreateVersion7(), Shop)];

    public static IReadOnlyList<(Guid Id, Guid Team)> Applications { get; } =
    [(Guid.CreateVersion7(), Acme), (Guid.CreateVersion7(), Shop), (Guid.CreateVersion7(), Shop)];

    public static Guid Plan { get; } = Guid.CreateVersion7();

    public static async Task<Scene> StartAsync()
    {
        var broker = await TestBroker.StartAsync();
        var host = await AnalyticsHost.StartAsync(
            broker.Address,
            settings: [("Rollups:Interval", "00:00:00.100"), ("Rollups:Delay", "00:00:00")]
        );
        var records = Make();
        var spool = Guid.CreateVersion7();
        var sent = 0;
        foreach (var chunk in records.Chunk(500))
        {
            await broker.SendAsync(Sample.Batch(spool, 0, sent, chunk));
            sent += chunk.Length;
        }

        await host.HasCallsAsync(Count);
        await Eventually.HoldsAsync(
            async () =>
                await host.QueryAsync<long>(
                    """
                    select (select count(*) from hour_touched t left join hour_built b using (time, slot)
                        where t.version is distinct from b.version
                          and t.time + interval '1 hour' <= now())
                      + (select count(*) from day_touched t left join day_built b using (time)
                        where t.version is distinct from b.version
                          and t.time + interval '1 day' <= now())
                    """
                ) == 0,
            "hours and days are built"
        );
        return new(broker, host, records);
    }

    /// <summary>What a team sees of a side.</summary>
    public IEnumerable<CallRecord> Of(Guid? team, string side = "both") =>
        Records.Where(r =>
            team is not { } id
            || (side != "consumer" && r.ProviderTeamId.Equals(Sample.Bytes(id)))
            || (side != "provider" && r.ConsumerTeamId.Equals(Sample.Bytes(id)))
        );

    public static string Text<TKind>(Guid id)
        where TKind : IIdKind => new Id<TKind>(id).ToString();

    public static string PathOf(Guid? team) =>
        team is { } id ? $"/v1/teams/{Text<TeamKind>(id)}" : "/v1/platform";

    /// <summary>The measures of calls, counted one by one.</summary>
    public static Measures Count1By1(IEnumerable<CallRecord> records)
    {
        var measures = new Measures();
        foreach (var record in records)
        {
            measures.Numbers[0]++;
            measures.Numbers[7] += (long)record.BytesIn;
            measures.Numbers[8] += (long)record.BytesOut;
            measures.Numbers[9] += record.LatencyUs;
            var kind = ErrorKinds.Of((int)record.Status, record.ProblemId.Length > 0);
            if (kind != ErrorKind.None)
            {
                measures.Numbers[(int)kind]++;
            }

            measures.Latency.Add(record.LatencyUs);
        }

        return measures;
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _broker.DisposeAsync();
    }

    private static List<CallRecord> Make()
    {
        var random = new Random(7);
        var begin = Midnight.AddDays(-2);
        var length = DateTimeOffset.UtcNow - begin;
        return
        [
            .. Enumerable
                .Range(0, Count)
                .Select(_ => Make(random, begin + (length * random.NextDouble()))),
        ];
    }

    private static CallRecord Make(Random random, DateTimeOffset at)
    {
        var api = random.Next(Apis.Count);
        var application = random.Next(Applications.Count + 1);
        var status = Statuses[random.Next(Statuses.Length)];
        var record = new CallRecord
        {
            CallId = Sample.Bytes(Guid.CreateVersion7(at)),
            StartUs = Sample.Us(at),
            Status = status,
            LatencyUs = (uint)Math.Exp(6 + (6 * random.NextDouble())),
            BytesIn = (ulong)random.Next(1000),
            BytesOut = (ulong)random.Next(100_000),
            ApiId = Sample.Bytes(Apis[api].Id),
            ProviderTeamId = Sample.Bytes(Apis[api].Team),
            VersionId = Sample.Bytes(Derived(Apis[api].Id, 1)),
            OperationUuid = Sample.Bytes(Derived(Apis[api].Id, 10 + random.Next(3))),
            OperationId = "list",
            Method = "GET",
            Host = "api.example",
            Path = $"/api{api}/orders/{random.Next(100)}",
            Query = "page=1",
            ClientAddress = $"192.0.2.{random.Next(5)}",
            UserAgent = "agent/1",
            Environment = Environments[random.Next(2)],
            Node = "node-7",
            UpstreamAddress = "10.9.8.7:80",
            TraceId = Sample.Bytes(Guid.CreateVersion7()),
            ProblemId = status is 401 or 429 or 503 ? "refused" : "",
        };
        if (application < Applications.Count)
        {
            record.ApplicationId = Sample.Bytes(Applications[application].Id);
            record.ConsumerTeamId = Sample.Bytes(Applications[application].Team);
            record.SubscriptionId = Sample.Bytes(Derived(Applications[application].Id, 100 + api));
            record.PlanId = Sample.Bytes(Plan);
            record.User = "someone";
        }

        return record;
    }

    public static Guid Derived(Guid id, int number)
    {
        var bytes = id.ToByteArray(bigEndian: true);
        bytes[15] = (byte)number;
        return new(bytes, bigEndian: true);
    }
}
