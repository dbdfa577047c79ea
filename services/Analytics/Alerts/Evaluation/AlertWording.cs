using System.Globalization;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>Rules and what came of them, in words for people.</summary>
internal static class AlertWording
{
    public static string Reason(AlertRuleRow rule, double? value) =>
        $"{Name(rule.Metric)} over {Span(rule.WindowSeconds)}: {Value(rule.Metric, value)}; the rule is {Condition(rule.Metric, rule.Comparison, rule.Threshold)}.";

    public static string Condition(Metric metric, AlertComparison comparison, double threshold) =>
        $"{Word(comparison)} {Value(metric, threshold)}";

    public static string Value(Metric metric, double? value) =>
        value is not { } number
            ? "no number"
            : metric switch
            {
                Metric.ErrorRate => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{number * 100:0.##} %"
                ),
                Metric.BytesIn or Metric.BytesOut => string.Create(
                    CultureInfo.InvariantCulture,
                    $"{number:0.##} bytes"
                ),
                Metric.LatencyMean or Metric.LatencyP50 or Metric.LatencyP95 or Metric.LatencyP99 =>
                    string.Create(CultureInfo.InvariantCulture, $"{number / 1000:0.###} ms"),
                _ => number.ToString("0.##", CultureInfo.InvariantCulture),
            };

    public static string Name(Metric metric) =>
        metric switch
        {
            Metric.Calls => "Calls",
            Metric.Errors => "Errors",
            Metric.ErrorRate => "Error rate",
            Metric.BytesIn => "Bytes in",
            Metric.BytesOut => "Bytes out",
            Metric.LatencyP50 => "Median latency",
            Metric.LatencyP95 => "Latency p95",
            Metric.LatencyP99 => "Latency p99",
            Metric.LatencyMean => "Mean latency",
            Metric.ErrorsUnauthorized => "Refused as unauthorized",
            Metric.ErrorsLimited => "Refused by limits",
            Metric.ErrorsRefused => "Otherwise refused",
            Metric.ErrorsClient => "Upstream's 4xx",
            Metric.ErrorsUpstream => "Upstream's 5xx",
            _ => "The gateway's errors",
        };

    public static string Span(int seconds) =>
        seconds % 3600 == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600} h")
            : string.Create(CultureInfo.InvariantCulture, $"{seconds / 60} min");

    private static string Word(AlertComparison comparison) =>
        comparison switch
        {
            AlertComparison.Above => "above",
            AlertComparison.AtLeast => "at least",
            AlertComparison.Below => "below",
            _ => "at most",
        };
}
