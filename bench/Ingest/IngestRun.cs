using System.Diagnostics;
using ApiSvc.Analytics;
using ApiSvc.Analytics.Rollups;
using ApiSvc.Bench.Processes;
using ApiSvc.Contracts.CallRecords.V1;
using Confluent.Kafka;
using Confluent.Kafka.Admin;
using Dapper;
using Google.Protobuf;
using KafkaBroker;
using Npgsql;

namespace ApiSvc.Bench.Ingest;

/// <summary>
/// One round: messages are there first; then Analytics starts, and the clock runs from its first commit to its last.
/// </summary>
internal static class IngestRun
{
    private const string Topic = "apisvc.calls";
    private const int Partitions = 2;
    private const int MessageBytes = 200 * 1024;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(20);

    public static async Task<IngestRound> RunAsync(
        PrivatePostgres postgres,
        int calls,
        TimeSpan spread,
        bool buildsLevels = false
    )
    {
        var folder = Directory.CreateTempSubdirectory("bench-ingest-").FullName;
        try
        {
            var database = await postgres.CreateDatabaseAsync();
            using var broker = ChildProcess.Start(
                typeof(KafkaBrokerHost).Assembly.Location,
                [],
                "--data",
                folder,
                "--port",
                "0"
            );
            var address = (await broker.ReadLineAsync())!["listening ".Length..];
            broker.Drain();
            var messages = await ProduceAsync(address, calls, spread);
            using var analytics = ChildProcess.Start(
                typeof(AnalyticsExtensions).Assembly.Location,
                Settings(database, address)
            );
            analytics.Drain();
            var round = await WaitAsync(database, calls, messages, postgres, broker, analytics);
            if (buildsLevels)
            {
                await UntilAsync(database, Clean, n => n == 0);
            }

            await CheckAsync(database, calls);
            return round;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private const string Clean = """
        select (select count(*) from hour_touched t left join hour_built b using (time, slot)
            where t.version is distinct from b.version and t.time + interval '1 hour' <= now())
          + (select count(*) from day_touched t left join day_built b using (time)
            where t.version is distinct from b.version and t.time + interval '1 day' <= now())
        """;

    private static async Task<IngestRound> WaitAsync(
        string database,
        int calls,
        int messages,
        PrivatePostgres postgres,
        ChildProcess broker,
        ChildProcess analytics
    )
    {
        // Numbers begin at 0: the sum over lanes is how many have come.
        const string Taken =
            "select coalesce(sum(greatest(next_sequence, 0)), 0)::bigint from lane";
        var first = await UntilAsync(database, Taken, n => n > 0);
        var begun = Stopwatch.GetTimestamp();
        var cpu = Cpu(postgres, broker, analytics);
        await UntilAsync(database, Taken, n => n >= calls);
        var took = Stopwatch.GetElapsedTime(begun);
        var used = Cpu(postgres, broker, analytics);
        var counted = calls - first;
        return new(
            database,
            counted,
            messages,
            took,
            [.. used.Zip(cpu, (after, before) => (after - before).TotalMicroseconds / counted)]
        );
    }

    private static TimeSpan[] Cpu(
        PrivatePostgres postgres,
        ChildProcess broker,
        ChildProcess analytics
    ) =>
        [
            ChildProcess.CpuOf(analytics.Id),
            ChildProcess.CpuOf(postgres.ProcessId),
            ChildProcess.CpuOf(broker.Id),
        ];

    private static async Task<long> UntilAsync(
        string database,
        string sql,
        Func<long, bool> isRight
    )
    {
        var begun = Stopwatch.GetTimestamp();
        await using var db = new NpgsqlConnection(database);
        while (Stopwatch.GetElapsedTime(begun) < Patience)
        {
            try
            {
                var seen = await db.ExecuteScalarAsync<long>(sql);
                if (isRight(seen))
                {
                    return seen;
                }
            }
            catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UndefinedTable)
            {
                // Not migrated yet.
            }

            await Task.Delay(Look);
        }

        throw new TimeoutException($"Not within {Patience}: {sql}");
    }

    // A number that is wrong is worth nothing, however fast it was.
    private static async Task CheckAsync(string database, int calls)
    {
        await using var db = new NpgsqlConnection(database);
        foreach (
            var sql in (string[])
                [
                    "select count(*) from call",
                    .. RollupFamily.OfCalls.Select(f =>
                        $"select sum(calls)::bigint from {f.Minute}"
                    ),
                ]
        )
        {
            var found = await db.ExecuteScalarAsync<long>(sql);
            if (found != calls)
            {
                throw new InvalidOperationException($"{sql}: {found} instead of {calls}");
            }
        }
    }

    private static async Task<int> ProduceAsync(string address, int calls, TimeSpan spread)
    {
        using (
            var admin = new AdminClientBuilder(
                new AdminClientConfig { BootstrapServers = address }
            ).Build()
        )
        {
            await admin.CreateTopicsAsync([
                new TopicSpecification { Name = Topic, NumPartitions = Partitions },
            ]);
        }

        using var producer = new ProducerBuilder<byte[]?, byte[]>(
            new ProducerConfig
            {
                BootstrapServers = address,
                CompressionType = CompressionType.Lz4,
                EnableIdempotence = true,
            }
        ).Build();
        var source = new CallSource(2);
        var begin = DateTimeOffset.UtcNow - spread - TimeSpan.FromMinutes(1);
        var spool = ByteString.CopyFrom(Guid.CreateVersion7().ToByteArray(bigEndian: true));
        var open = Enumerable
            .Range(0, Partitions)
            .Select(lane => new CallRecordBatch { SpoolId = spool, Lane = (uint)lane })
            .ToArray();
        var bytes = new int[Partitions];
        var messages = 0;
        for (var i = 0; i < calls; i++)
        {
            var lane = i % Partitions;
            var record = source.Next(begin + (spread * ((double)i / calls)));
            open[lane].Records.Add(record);
            bytes[lane] += record.CalculateSize() + 4;
            if (bytes[lane] >= MessageBytes || i >= calls - Partitions)
            {
                producer.Produce(
                    new TopicPartition(Topic, lane),
                    new Message<byte[]?, byte[]> { Value = open[lane].ToByteArray() }
                );
                messages++;
                open[lane] = new()
                {
                    SpoolId = spool,
                    Lane = (uint)lane,
                    FirstSequence = open[lane].FirstSequence + (ulong)open[lane].Records.Count,
                };
                bytes[lane] = 0;
            }

            // The client's queue is finite.
            if (messages % 50 == 49)
            {
                producer.Flush(TimeSpan.FromSeconds(30));
            }
        }

        producer.Flush(TimeSpan.FromSeconds(60));
        return messages;
    }

    private static Dictionary<string, string?> Settings(string database, string kafka) =>
        new()
        {
            ["ASPNETCORE_ENVIRONMENT"] = "Development",
            ["Logging:LogLevel:Default"] = "Warning",
            ["Kestrel:Endpoints:http:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:grpc:Url"] = "http://127.0.0.1:0",
            ["Kestrel:Endpoints:management:Url"] = "http://127.0.0.1:0",
            ["ConnectionStrings:analyticsdb"] = database,
            ["ConnectionStrings:kafka"] = kafka,
            ["Sealing:ActiveKey"] = "k1",
            ["Sealing:Keys:k1"] = Convert.ToBase64String(new byte[32]),
            ["Tokens:Issuer"] = "https://identity.example",
            ["Tokens:Audience"] = "analytics",
            ["Tokens:ClientId"] = "analytics",
            ["Tokens:ClientSecret"] = "a secret that nobody asks for",
            ["services:identity:grpc:0"] = "http://127.0.0.1:9",
            ["services:catalog:grpc:0"] = "http://127.0.0.1:9",
            ["Rollups:Interval"] = "00:00:01",
            ["Rollups:Delay"] = "00:00:00",
        };
}

/// <summary>What a round gave.</summary>
/// <param name="Database">Where the calls are.</param>
/// <param name="Calls">How many were taken in while the clock ran.</param>
/// <param name="Messages">In how many messages all were.</param>
/// <param name="Took">How long.</param>
/// <param name="CpuUs">Processor time a call, in microseconds: of Analytics, Postgres, broker.</param>
internal sealed record IngestRound(
    string Database,
    long Calls,
    int Messages,
    TimeSpan Took,
    IReadOnlyList<double> CpuUs
)
{
    public double PerSecond => Calls / Took.TotalSeconds;
}
