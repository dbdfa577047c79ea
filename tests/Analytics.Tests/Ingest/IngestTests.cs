using ApiSvc.Analytics.Rollups;
using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using Google.Protobuf;

namespace ApiSvc.Analytics.Tests.Ingest;

public sealed class IngestTests : IAsyncLifetime
{
    private readonly Guid _spool = Guid.CreateVersion7();
    private TestBroker _broker = null!;
    private AnalyticsHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _broker = await TestBroker.StartAsync();
        _host = await AnalyticsHost.StartAsync(_broker.Address);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Message_WithAllFields_IsARowWithAllFields()
    {
        var record = Sample.Full();

        await _broker.SendAsync(Sample.Batch(_spool, 2, 7, record));
        await _host.HasCallsAsync(1);

        var row = await _host.QueryAsync<string>(
            """
            select concat_ws('|', id, status, latency_us, bytes_out, path, query, client_address, user_name, api_id,
              consumer_team, trace_id, sequence, (extract(epoch from started) * 1000000)::bigint,
              (select value from text_value where id = user_agent_text),
              (select value from text_value where id = upstream_address_text), captured_response,
              (select lane from lane where id = lane_id)) from call
            """
        );
        row.ShouldBe(
            string.Join(
                '|',
                Id(record.CallId),
                429,
                4_000_000_000,
                1L << 40,
                "/shop/orders/ünï",
                "page=2&token=***",
                "192.0.2.7",
                "user-1",
                Id(record.ApiId),
                Id(record.ConsumerTeamId),
                Id(record.TraceId),
                7,
                record.StartUs,
                "curl/8.0",
                "10.0.0.1:8080",
                "\\x0304",
                2
            )
        );
    }

    [Fact]
    public async Task Messages_RepeatedAndWithAGap_AreCountedOnceAndMissed()
    {
        await _broker.SendAsync(Sample.Batch(_spool, 0, 0, Some(10)));
        await _broker.SendAsync(Sample.Batch(_spool, 0, 0, Some(10)));
        await _broker.SendAsync(Sample.Batch(_spool, 0, 5, Some(10)));
        await _broker.SendAsync(Sample.Batch(_spool, 0, 20, Some(5)));
        await _host.HasCallsAsync(20);

        (await CountedAsync("api_minute")).ShouldBe(20);
        (await CountedAsync("application_minute")).ShouldBe(20);
        (await LostAsync()).ShouldBe(["15-20"]);

        // What was missing comes after all, with some that is known.
        await _broker.SendAsync(Sample.Batch(_spool, 0, 13, Some(4)));
        await _host.HasCallsAsync(22);

        (await LostAsync()).ShouldBe(["17-20"]);
        (await CountedAsync("api_minute")).ShouldBe(22);
    }

    [Fact]
    public async Task Records_LateAndOutOfOrder_AreInTheMinuteOfTheirTime()
    {
        var now = DateTimeOffset.UtcNow;
        int[] minutesAgo = [0, 3000, 1, 0, 5, 3000, 70, 1, 0, 4, 2, 9];
        var records = minutesAgo.Select(m => Some(1, now.AddMinutes(-m)).Single());

        foreach (var (index, record) in records.Index())
        {
            await _broker.SendAsync(Sample.Batch(_spool, 0, index, record));
        }

        await _host.HasCallsAsync(minutesAgo.Length);

        foreach (var table in RollupFamily.OfCalls.Select(f => f.Minute))
        {
            var wrong = await _host.QueryAsync<long>(
                $"""
                select count(*) from (
                  select date_trunc('minute', started) as time, count(*) as calls from call group by 1) c
                full join (select time, sum(calls) as calls from {table} group by 1) m using (time)
                where c.calls is distinct from m.calls
                """
            );
            wrong.ShouldBe(0);
        }
    }

    [Fact]
    public async Task Messages_Malformed_AreSetAsideAndStopNothing()
    {
        await _broker.SendAsync([1, 2, 3]);
        await _broker.SendAsync(new CallRecordBatch { Lane = 1 }.ToByteArray());
        await _broker.SendAsync(
            Sample.Batch(_spool, 0, 0, [.. Some(2), new CallRecord { Status = 200 }])
        );
        await _broker.SendAsync([]);
        await _broker.SendAsync(Sample.Batch(_spool, 0, 3, Some(2)));
        await _host.HasCallsAsync(4);

        var aside = await _host.ListAsync<string>(
            "select concat(position, ' ', record, ' ', reason) from set_aside order by position"
        );
        aside.ShouldBe([
            "0  The message breaks off or is malformed.",
            "1  Its spool_id is no UUID of 16 bytes.",
            "2 2 It has no call_id.",
            "3  Its spool_id is no UUID of 16 bytes.",
        ]);
        (await LostAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Texts_ThatPostgresRefuses_AreKeptWithoutWhatItRefuses()
    {
        var record = Some(1).Single();
        record.Path = "/a\0b";
        record.UserAgent = "x\0y" + new string('z', 5000);
        record.Host = "\0";

        await _broker.SendAsync(Sample.Batch(_spool, 0, 0, record));
        await _host.HasCallsAsync(1);

        (await _host.QueryAsync<string>("select path from call")).ShouldBe("/a\uFFFDb");
        (
            await _host.QueryAsync<int>(
                "select length(value) from text_value where value like 'x%'"
            )
        ).ShouldBe(512);
    }

    [Fact]
    public async Task Restart_AfterSomeMessages_GoesOnWhereItStood()
    {
        await _broker.SendAsync(Sample.Batch(_spool, 0, 0, Some(10)));
        await _host.HasCallsAsync(10);
        var database = _host.Database;
        await _host.DisposeAsync();

        await _broker.SendAsync(Sample.Batch(_spool, 0, 10, Some(10)));
        _host = await AnalyticsHost.StartAsync(_broker.Address, database);
        await _host.HasCallsAsync(20);

        (await CountedAsync("api_minute")).ShouldBe(20);
        (await _host.QueryAsync<long>("select position from topic_position")).ShouldBe(2);
    }

    private static IEnumerable<CallRecord> Some(int count, DateTimeOffset? at = null) =>
        Enumerable
            .Range(0, count)
            .Select(i => new CallRecord
            {
                CallId = Sample.Bytes(Guid.CreateVersion7()),
                StartUs = Sample.Us(at ?? DateTimeOffset.UtcNow),
                Status = i % 3 == 0 ? 404u : 200u,
                LatencyUs = (uint)(1000 * i),
                Path = "/",
                Environment = "production",
            });

    private Task<long> CountedAsync(string table) =>
        _host.QueryAsync<long>($"select sum(calls)::bigint from {table}");

    private Task<IReadOnlyList<string>> LostAsync() =>
        _host.ListAsync<string>(
            "select from_sequence || '-' || to_sequence from lost_range order by from_sequence"
        );

    private static Guid Id(ByteString bytes) => new(bytes.Span, bigEndian: true);
}
