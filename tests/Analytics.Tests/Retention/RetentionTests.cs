using System.Net;
using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Retention;
using ApiSvc.Analytics.Rollups;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Analytics.Tests.Retention;

public sealed class RetentionTests
{
    private static readonly DateTime Today = DateTime.UtcNow.Date;

    [Fact]
    public async Task Run_WithOldDays_DropsThemWhenTheirHoursAreBuilt()
    {
        // The service itself would run too; an hour's pause keeps it out after its first look.
        await using var wide = await AnalyticsHost.StartAsync(
            settings: [("Retention:Interval", "01:00:00"), ("Rollups:Interval", "01:00:00")]
        );
        int[] ages = [0, 1, 3, 4, 10, 11];
        await WriteAsync(wide, [.. ages.Select(age => Record(Today.AddDays(-age).AddHours(1)))]);
        await using var narrow = await AnalyticsHost.StartAsync(
            database: wide.Database,
            settings:
            [
                ("Retention:CallDays", "3"),
                ("Retention:MinuteDays", "5"),
                ("Retention:Interval", "01:00:00"),
                ("Rollups:Interval", "01:00:00"),
            ]
        );
        var run = narrow.Services.GetRequiredService<RetentionRun>();
        await ForgetBuiltAsync(narrow);

        await run.RunAsync(default);

        (await AgesAsync(narrow, "call", "started")).ShouldBe([0, 1, 3]);
        // The hours of those days are not built yet.
        (await AgesAsync(narrow, "api_minute", "time")).ShouldBe([0, 1, 3, 4, 10, 11]);

        await BuildAsync(narrow);
        await run.RunAsync(default);

        (await AgesAsync(narrow, "api_minute", "time")).ShouldBe([0, 1, 3, 4]);
        (
            await narrow.QueryAsync<long>(
                "select sum(calls)::bigint from api_day where time < now() - interval '5 days'"
            )
        ).ShouldBe(2);
        var party = narrow.Of(null, "auditor");
        var path =
            $"/v1/platform/series?from={Today.AddDays(-12):yyyy-MM-dd}T00:00:00Z&to={Today:yyyy-MM-dd}T00:00:00Z";
        (await party.GetAsync(path + "&interval=1.00:00:00"))
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("series")[0]
            .GetProperty("points")
            .EnumerateArray()
            .Sum(p => p.GetProperty("value").GetDouble())
            .ShouldBe(5);
        (await party.GetAsync(path + "&interval=00:30:00"))
            .ShouldBe(HttpStatusCode.BadRequest)
            .Violations.ShouldBe(["query:interval range"]);
    }

    [Fact]
    public async Task Erase_ByUserAndByAddress_LeavesTheOthersAndAnAuditEntry()
    {
        await using var host = await AnalyticsHost.StartAsync();
        await WriteAsync(
            host,
            [
                Record(Today, "ann", "192.0.2.1"),
                Record(Today.AddDays(-1), "ann", "192.0.2.2"),
                Record(Today, "bob", "192.0.2.1"),
                Record(Today, "cid", "192.0.2.3"),
            ]
        );
        var admin = host.Of(null, "admin");

        (await admin.PostAsync("/v1/platform/erasures", new { user = "ann" }))
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("calls")
            .GetInt64()
            .ShouldBe(2);
        (await admin.PostAsync("/v1/platform/erasures", new { clientAddress = "192.0.2.1" }))
            .ShouldBe(HttpStatusCode.OK)
            .Json.GetProperty("calls")
            .GetInt64()
            .ShouldBe(1);

        (await host.ListAsync<string>("select user_name from call")).ShouldBe(["cid"]);
        (await host.QueryAsync<long>("select sum(calls)::bigint from api_minute")).ShouldBe(4);
        var entries = await host.ListAsync<string>(
            "select concat(action, ' ', actor, ' ', after_state) from service.audit_log order by position"
        );
        entries.Count.ShouldBe(2);
        entries[0].ShouldStartWith("erasure.run user_1");
        entries.ShouldAllBe(e => !e.Contains("ann") && !e.Contains("192.0.2.1"));
    }

    [Theory]
    [InlineData("auditor", HttpStatusCode.Forbidden)]
    [InlineData("admin", HttpStatusCode.BadRequest)]
    public async Task Erase_OfNobody_IsRefused(string role, HttpStatusCode status)
    {
        await using var host = await AnalyticsHost.StartAsync();

        (await host.Of(null, role).PostAsync("/v1/platform/erasures", new { })).ShouldBe(status);
    }

    private static async Task BuildAsync(AnalyticsHost host)
    {
        var builder = host.Services.GetRequiredService<LevelBuilder>();
        foreach (var hour in await builder.DirtyHoursAsync(DateTime.UtcNow, default))
        {
            await builder.BuildHourAsync(hour, default);
        }

        foreach (var day in await builder.DirtyDaysAsync(DateTime.UtcNow, default))
        {
            await builder.BuildDayAsync(day, default);
        }
    }

    // Whatever the service built at its start is as if it had not.
    private static Task ForgetBuiltAsync(AnalyticsHost host) =>
        host.QueryAsync<int>(
            "with a as (delete from hour_built), b as (delete from day_built) select 1"
        );

    private static async Task<IReadOnlyList<int>> AgesAsync(
        AnalyticsHost host,
        string table,
        string column
    ) =>
        await host.ListAsync<int>(
            $"select distinct @today::date - ({column} at time zone 'UTC')::date from {table} order by 1",
            new { today = Today }
        );

    private static async Task WriteAsync(AnalyticsHost host, IReadOnlyList<CallRecord> records)
    {
        await host.Services.GetRequiredService<PositionBook>().ReadAsync([0], default);
        var batch = Sample.Batch(Guid.CreateVersion7(), 0, 0, records);
        var message = host
            .Services.GetRequiredService<BatchParser>()
            .Parse(0, 0, 1, batch.ToByteArray());
        await host.Services.GetRequiredService<BatchWriter>().WriteAsync([message], default);
    }

    private static CallRecord Record(DateTime at, string user = "", string address = "") =>
        new()
        {
            CallId = Sample.Bytes(Guid.CreateVersion7()),
            StartUs = Sample.Us(new(at, TimeSpan.Zero)),
            Status = 200,
            LatencyUs = 1000,
            Path = "/",
            User = user,
            ClientAddress = address,
            Environment = "production",
        };
}
