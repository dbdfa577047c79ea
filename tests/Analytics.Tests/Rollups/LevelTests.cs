using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Rollups;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace ApiSvc.Analytics.Tests.Rollups;

public sealed class LevelTests
{
    private static readonly DateTime Yesterday = DateTime.UtcNow.Date.AddDays(-1);

    [Fact]
    public async Task Build_WithLateMinutesOfTwoInstances_IsWhatTheMinutesAre()
    {
        await using var host = await AnalyticsHost.StartAsync();
        await using var other = await AnalyticsHost.StartAsync(database: host.Database);
        var random = new Random(9);
        var builder = host.Services.GetRequiredService<LevelBuilder>();
        for (var round = 0; round < 3; round++)
        {
            // Each round is late for what the one before has built.
            await WriteAsync(host, 0, round, Some(random, 300));
            await WriteAsync(other, 1, round, Some(random, 300));
            await BuildAsync(builder);

            var exact = await TotalsAsync(host, "api_minute");
            exact.Calls.ShouldBe(600 * (round + 1));
            foreach (
                var table in (string[])
                    [
                        "api_hour",
                        "api_day",
                        "application_minute",
                        "application_hour",
                        "application_day",
                        "summary_minute",
                        "summary_hour",
                        "summary_day",
                        "provider_minute",
                        "provider_hour",
                        "provider_day",
                    ]
            )
            {
                var totals = await TotalsAsync(host, table);
                totals.Numbers.ShouldBe(exact.Numbers, table);
                totals.Latency.ToBytes().ShouldBe(exact.Latency.ToBytes(), table);
            }
        }

        (await builder.DirtyHoursAsync(DateTime.UtcNow, default)).ShouldBeEmpty();
        (await builder.DirtyDaysAsync(DateTime.UtcNow, default)).ShouldBeEmpty();
    }

    private static async Task BuildAsync(LevelBuilder builder)
    {
        foreach (var hour in await builder.DirtyHoursAsync(DateTime.UtcNow, default))
        {
            await builder.BuildHourAsync(hour, default);
        }

        foreach (var day in await builder.DirtyDaysAsync(DateTime.UtcNow, default))
        {
            await builder.BuildDayAsync(day, default);
        }
    }

    private static async Task<Measures> TotalsAsync(AnalyticsHost host, string table)
    {
        await using var db = new NpgsqlConnection(host.Database);
        await db.OpenAsync();
        await using var command = new NpgsqlCommand(
            $"select {MeasureColumns.List} from {table}",
            db
        );
        await using var reader = await command.ExecuteReaderAsync();
        var measures = new Measures();
        while (await reader.ReadAsync())
        {
            MeasureColumns.AddTo(measures, reader, 0);
        }

        return measures;
    }

    private static async Task WriteAsync(
        AnalyticsHost host,
        int partition,
        int round,
        IReadOnlyList<CallRecord> records
    )
    {
        await host.Services.GetRequiredService<PositionBook>().ReadAsync([partition], default);
        var batch = Sample.Batch(Guid.CreateVersion7(), (uint)partition, 0, records);
        var message = host
            .Services.GetRequiredService<BatchParser>()
            .Parse(partition, round, round + 1, batch.ToByteArray());
        await host.Services.GetRequiredService<BatchWriter>().WriteAsync([message], default);
    }

    private static List<CallRecord> Some(Random random, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(_ => new CallRecord
                {
                    CallId = Sample.Bytes(Guid.CreateVersion7()),
                    StartUs = Sample.Us(
                        new(Yesterday.AddSeconds(72_000 + random.Next(14_400)), TimeSpan.Zero)
                    ),
                    Status = (uint)(200 + (100 * random.Next(4))),
                    LatencyUs = (uint)random.Next(1_000_000),
                    BytesIn = 100,
                    Path = "/",
                    Environment = "production",
                }),
        ];
}
