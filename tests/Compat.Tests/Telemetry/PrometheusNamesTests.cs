using OpenTelemetry.Exporter.Prometheus;

namespace ApiSvc.Compat.Tests.Telemetry;

public sealed class PrometheusNamesTests
{
    [Theory]
    [InlineData(
        "http.server.request.duration",
        "s",
        "http_server_request_duration_seconds",
        "seconds"
    )]
    [InlineData("request.duration.seconds", "s", "request_duration_seconds", "seconds")]
    [InlineData("gc.heap", "By", "gc_heap_bytes", "bytes")]
    [InlineData("rate", "By/s", "rate_bytes_per_second", "bytes_per_second")]
    [InlineData("rate", "{request}/min", "rate_per_minute", "per_minute")]
    [InlineData("requests", "{request}", "requests", null)]
    [InlineData("ops.total", "", "ops", null)]
    [InlineData("a--b..c", "", "a_b_c", null)]
    [InlineData("5xx", "", "_5xx", null)]
    [InlineData("count", "1", "count", null)]
    [InlineData("grüße", "widgets", "gr_e_widgets", "widgets")]
    public void Family_Counter_IsSanitisedWithItsUnit(
        string name,
        string unit,
        string expected,
        string? words
    ) => PrometheusNames.Family(name, unit, FamilyKind.Counter).ShouldBe((expected, words));

    [Theory]
    [InlineData("use", "use_ratio")]
    [InlineData("use.ratio", "use_ratio")]
    public void Family_GaugeOfUnitOne_IsARatio(string name, string expected) =>
        PrometheusNames.Family(name, "1", FamilyKind.Gauge).ShouldBe((expected, "ratio"));

    [Theory]
    [InlineData("http.route", "http_route")]
    [InlineData("2nd", "_2nd")]
    [InlineData("a:b", "a_b")]
    [InlineData("a..b", "a__b")]
    public void Label_AnyName_HasOnlyWhatALabelMay(string name, string expected) =>
        PrometheusNames.Label(name).ShouldBe(expected);
}
