using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Traces;
using static ApiSvc.Dashboard.Tests.Telemetry.Traces.TraceTreeTests;

namespace ApiSvc.Dashboard.Tests.Telemetry.Traces;

public sealed class TraceStoreTests
{
    [Fact]
    public void Add_MoreTracesThanAreKept_DropsTheOneSilentLongest()
    {
        var store = new TraceStore(new TelemetryLimits { Traces = 2 });

        store.Add(Span("1", null, 0, "old"));
        store.Add(Span("1", null, 1, "silent"));
        store.Add(Span("2", "1", 2, "old"));
        store.Add(Span("1", null, 3, "new"));

        store.List().Select(t => t.TraceId).ShouldBe(["new", "old"]);
        store.Find("silent").ShouldBeEmpty();
    }

    [Fact]
    public void Add_MoreSpansThanAreKept_DropsWholeTraces()
    {
        var store = new TraceStore(new TelemetryLimits { Spans = 5 });

        foreach (var trace in (string[])["a", "b", "c"])
        {
            store.Add(Span("1", null, 0, trace));
            store.Add(Span("2", "1", 1, trace));
        }

        store.List().Select(t => t.TraceId).ShouldBe(["b", "c"], ignoreOrder: true);
        store.Find("c").Count.ShouldBe(2);
    }

    [Fact]
    public void Add_MoreSpansThanATraceMayHave_KeepsTheFirst()
    {
        var store = new TraceStore(new TelemetryLimits { SpansOfATrace = 3 });

        for (var i = 0; i < 10; i++)
        {
            store.Add(Span($"{i}", null, i));
        }

        store.Find("t").Select(s => s.SpanId).ShouldBe(["0", "1", "2"]);
    }

    [Fact]
    public void Add_SameSpanAgain_CountsOnce()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add(Span("1", null, 0));
        store.Add(Span("1", null, 0) with { Name = "again" });

        var trace = store.List().ShouldHaveSingleItem();
        trace.Spans.ShouldBe(1);
        trace.Name.ShouldBe("again");
    }

    [Fact]
    public void List_SpansOutOfOrder_IsSummedUpFromTheRoot()
    {
        var store = new TraceStore(new TelemetryLimits());

        store.Add(Span("2", "1", 30, service: "late") with { IsError = true });
        store.List()[0].Name.ShouldBe("span 2");
        store.Add(Span("1", null, 5, service: "early"));

        var trace = store.List().ShouldHaveSingleItem();
        trace.Name.ShouldBe("span 1");
        trace.Milliseconds.ShouldBe(35);
        trace.Errors.ShouldBe(1);
        trace
            .Services.Select(s => $"{s.Name} {s.Spans} {s.Errors}")
            .ShouldBe(["early 1 0", "late 1 1"]);
    }
}
