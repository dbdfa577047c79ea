using System.Diagnostics;
using System.Text;
using ApiSvc.ServiceDefaults.Telemetry;

namespace ApiSvc.ServiceDefaults.Tests.Telemetry;

public sealed class KafkaTraceContextTests
{
    [Fact]
    public void Extract_WhatWasInjected_IsTheActivityWithoutItsBaggage()
    {
        using var activity = new Activity("publish") { TraceStateString = "vendor=1" };
        activity.AddBaggage("customer", "secret").Start();
        var headers = new List<(string Key, byte[]? Value)>();

        KafkaTraceContext.Inject(activity, (key, value) => headers.Add((key, value)));
        var context = KafkaTraceContext.Extract(headers);

        headers.Select(h => h.Key).ShouldBe(["traceparent", "tracestate"]);
        context.TraceId.ShouldBe(activity.TraceId);
        context.SpanId.ShouldBe(activity.SpanId);
        context.TraceState.ShouldBe("vendor=1");
        context.IsRemote.ShouldBeTrue();
    }

    [Fact]
    public void Inject_NoActivity_AddsNothing() =>
        KafkaTraceContext.Inject(null, (_, _) => throw new InvalidOperationException());

    [Theory]
    [InlineData("")]
    [InlineData("00-zz-11-01")]
    [InlineData("00-00000000000000000000000000000000-0000000000000000-01")]
    public void Extract_Malformed_IsNone(string traceParent) =>
        KafkaTraceContext
            .Extract([("traceparent", Encoding.ASCII.GetBytes(traceParent)), ("tracestate", null)])
            .ShouldBe(default);

    [Fact]
    public void Extract_NoHeaders_IsNone() => KafkaTraceContext.Extract([]).ShouldBe(default);
}
