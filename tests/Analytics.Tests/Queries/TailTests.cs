using ApiSvc.Analytics.Tests.Hosting;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Grpc.Core;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Tests.Queries;

public sealed class TailTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Tail_OnAnotherInstanceThanTheOneThatTakesIn_ShowsTheTeamsCalls()
    {
        await using var broker = await TestBroker.StartAsync();
        await using var taking = await AnalyticsHost.StartAsync(broker.Address);
        // Without the broker it takes in nothing.
        await using var showing = await AnalyticsHost.StartAsync(database: taking.Database);
        using var answer = await showing
            .Of(Scene.Acme, "viewer")
            .SendAsync(HttpMethod.Get, $"{Scene.PathOf(Scene.Acme)}/calls/tail?status=418");
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        using var lines = new StreamReader(await answer.Content.ReadAsStreamAsync());
        (await lines.ReadLineAsync().WaitAsync(Patience)).ShouldBe(": listening");
        using var stream = new V1.Analytics.AnalyticsClient(showing.Channel).TailCalls(
            new() { TeamId = Scene.Text<TeamKind>(Scene.Shop) },
            showing.Of(Scene.Shop, "viewer").Headers
        );
        await stream.ResponseHeadersAsync.WaitAsync(Patience);

        var wanted = Record(Scene.Acme, 418);
        var other = Record(Scene.Shop, 418);
        await broker.SendAsync(
            Sample.Batch(Guid.CreateVersion7(), 0, 0, Record(Scene.Acme, 200), other, wanted)
        );

        var seen = new List<string>();
        while (!seen.Exists(l => l.StartsWith("data: ", StringComparison.Ordinal)))
        {
            seen.Add((await lines.ReadLineAsync().WaitAsync(Patience))!);
        }

        seen.ShouldContain("event: call");
        seen.ShouldContain($"id: {Id(wanted)}");
        seen.ShouldNotContain(l => l.Contains(Id(other), StringComparison.Ordinal));
        (await stream.ResponseStream.MoveNext(default).WaitAsync(Patience)).ShouldBeTrue();
        stream.ResponseStream.Current.Id.ShouldBe(Id(other));
    }

    private static CallRecord Record(Guid team, uint status) =>
        new()
        {
            CallId = Sample.Bytes(Guid.CreateVersion7()),
            StartUs = Sample.Us(DateTimeOffset.UtcNow),
            Status = status,
            Path = "/",
            ProviderTeamId = Sample.Bytes(team),
        };

    private static string Id(CallRecord record) =>
        Scene.Text<CallKind>(new Guid(record.CallId.Span, bigEndian: true));
}
