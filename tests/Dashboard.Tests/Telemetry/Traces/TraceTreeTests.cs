using Aspire.Hosting.Dashboard.Telemetry;
using Aspire.Hosting.Dashboard.Telemetry.Traces;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Dashboard.Tests.Telemetry.Traces;

public sealed class TraceTreeTests
{
    [Fact]
    public void Rows_ChildrenBeforeParents_AreUnderThemByStart()
    {
        var rows = TraceTree.Rows([
            Span("d", "b", 3),
            Span("c", "a", 2),
            Span("b", "a", 1),
            Span("a", null, 0),
        ]);

        rows.Select(r => $"{r.Depth}{r.Span.SpanId}").ShouldBe(["0a", "1b", "2d", "1c"]);
    }

    [Fact]
    public void Rows_ParentHasNotCome_IsARootMarkedSo()
    {
        var rows = TraceTree.Rows([Span("x", "gone", 0), Span("y", "x", 1), Span("a", null, 5)]);

        rows.Select(r => $"{r.Depth}{r.Span.SpanId}{r.IsPartial}")
            .ShouldBe(["0aFalse", "0xTrue", "1yFalse"]);
    }

    [Fact]
    public void Rows_ParentsOfEachOther_AreShownAllTheSame()
    {
        var rows = TraceTree.Rows([Span("a", "b", 1), Span("b", "a", 0), Span("c", "c", 2)]);

        rows.Select(r => r.Span.SpanId).ShouldBe(["b", "a", "c"]);
    }

    [Fact]
    public void Rows_AnyParents_HaveEverySpanOnce()
    {
        var parents = Gen.ArrayOf(Gen.Choose(-1, 12));
        Prop.ForAll(
                parents.ToArbitrary(),
                chosen =>
                {
                    var spans = chosen
                        .Select((parent, i) => Span($"{i}", parent < 0 ? null : $"{parent}", i % 3))
                        .ToList();
                    return TraceTree
                        .Rows(spans)
                        .Select(r => r.Span.SpanId)
                        .Order(StringComparer.Ordinal)
                        .SequenceEqual(spans.Select(s => s.SpanId).Order(StringComparer.Ordinal));
                }
            )
            .QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Rows_VeryDeepChain_DoesNotOverflow()
    {
        var spans = Enumerable
            .Range(0, 50_000)
            .Select(i => Span($"{i}", i == 0 ? null : $"{i - 1}", i))
            .ToList();

        TraceTree.Rows(spans)[^1].Depth.ShouldBe(49_999);
    }

    internal static TraceSpan Span(
        string id,
        string? parent,
        int start,
        string trace = "t",
        string service = "s"
    ) =>
        new(
            trace,
            id,
            parent,
            $"span {id}",
            new TelemetrySource(service, ""),
            DateTimeOffset.UnixEpoch.AddMilliseconds(start),
            DateTimeOffset.UnixEpoch.AddMilliseconds(start + 10)
        );
}
