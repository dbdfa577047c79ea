using ApiSvc.Analytics.Ingest;
using ApiSvc.Analytics.Queries;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Analytics.Tests.Queries;

/// <summary>Which rollups a question is answered from.</summary>
public sealed class SummaryTests : IAsyncLifetime
{
    private static readonly DateTimeOffset Now = DateTimeOffset.UtcNow;
    private static readonly Guid[] Apis = [Guid.CreateVersion7(), Guid.CreateVersion7()];
    private AnalyticsHost? _host;

    private AnalyticsHost Host => _host!;

    public async ValueTask InitializeAsync()
    {
        _host = await AnalyticsHost.StartAsync();
        await Host.Services.GetRequiredService<PositionBook>().ReadAsync([0], default);
        var records = Enumerable
            .Range(0, 30)
            .Select(i => new CallRecord
            {
                CallId = Sample.Bytes(Guid.CreateVersion7()),
                StartUs = Sample.Us(Now.AddMinutes(-(i % 4))),
                Status = 200,
                LatencyUs = (uint)(1000 + i),
                Path = "/",
                Environment = "production",
                ApiId = Sample.Bytes(Apis[i % 3 == 0 ? 0 : 1]),
                OperationUuid = Sample.Bytes(Guid.CreateVersion7()),
            })
            .ToArray();
        var message = Host
            .Services.GetRequiredService<BatchParser>()
            .Parse(0, 0, 1, Sample.Batch(Guid.CreateVersion7(), 0, 0, records).ToByteArray());
        await Host.Services.GetRequiredService<BatchWriter>().WriteAsync([message], default);
    }

    public async ValueTask DisposeAsync() => await Host.DisposeAsync();

    [Theory]
    [InlineData("", "provider_minute")]
    [InlineData("Api", "summary_minute")]
    [InlineData("Operation", "api_minute")]
    [InlineData("Application", "application_minute")]
    public async Task Count_OfADimension_ReadsTheFewestRowsThatHaveIt(string by, string table)
    {
        (await CountAsync(by)).ShouldBe(30);

        // Nothing else than that table is read.
        await Host.QueryAsync<object?>($"delete from {table}");

        (await CountAsync(by)).ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Api")]
    public async Task Count_FromBeforeSummariesWereKept_ReadsWhatWasKept(string by)
    {
        await Host.QueryAsync<object?>("delete from summary_minute");
        await Host.QueryAsync<object?>("delete from provider_minute");
        await Host.QueryAsync<object?>(
            "insert into kept_since (level, time) values ('summary', now() + interval '1 day')"
        );

        (await CountAsync(by)).ShouldBe(30);
    }

    private async Task<long> CountAsync(string by)
    {
        var check = QueryCheck.ForRest();
        var cells = await Host
            .Services.GetRequiredService<QueryEngine>()
            .CountAsync(
                new()
                {
                    Scope = new QueryScope((Guid?)null),
                    Side = Side.Both,
                    Range = QueryRange.Of(new(), Now.AddMinutes(1), check),
                    By = by.Length == 0 ? null : Enum.Parse<Dimension>(by),
                    Filters = DimensionFilters.Of(new(), check),
                    Measures = MetricValues.Needs(Metric.LatencyP95),
                },
                check,
                default
            );
        cells.Values.Sum(c => c.Latency.Count).ShouldBe(cells.Values.Sum(c => c.Calls));
        return cells.Values.Sum(c => c.Calls);
    }
}
