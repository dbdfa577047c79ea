using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Queries;

/// <summary>A metric of what was counted.</summary>
internal static class MetricValues
{
    public static double Of(Metric metric, Measures measures) =>
        metric switch
        {
            Metric.Calls => measures.Calls,
            Metric.Errors => measures.Errors,
            Metric.ErrorRate => Share(measures.Errors, measures.Calls),
            Metric.BytesIn => measures.BytesIn,
            Metric.BytesOut => measures.BytesOut,
            Metric.LatencyP50 => measures.Latency.Percentile(50),
            Metric.LatencyP95 => measures.Latency.Percentile(95),
            Metric.LatencyP99 => measures.Latency.Percentile(99),
            Metric.LatencyMean => Share(measures.LatencyTotal, measures.Calls),
            Metric.ErrorsUnauthorized => measures[ErrorKind.Unauthorized],
            Metric.ErrorsLimited => measures[ErrorKind.Limited],
            Metric.ErrorsRefused => measures[ErrorKind.Refused],
            Metric.ErrorsClient => measures[ErrorKind.Client],
            Metric.ErrorsUpstream => measures[ErrorKind.Upstream],
            _ => measures[ErrorKind.Gateway],
        };

    /// <summary>What it is computed from.</summary>
    public static MeasureSet Needs(Metric metric) =>
        metric switch
        {
            Metric.Calls => MeasureSet.Calls,
            Metric.LatencyP50 or Metric.LatencyP95 or Metric.LatencyP99 => MeasureSet.Latencies,
            Metric.Errors or Metric.ErrorRate => MeasureSet.Of(
                "unauthorized",
                "limited",
                "refused",
                "client_errors",
                "upstream_errors",
                "gateway_errors"
            ),
            Metric.BytesIn => MeasureSet.Of("bytes_in"),
            Metric.BytesOut => MeasureSet.Of("bytes_out"),
            Metric.LatencyMean => MeasureSet.Of("latency_total"),
            Metric.ErrorsUnauthorized => MeasureSet.Of("unauthorized"),
            Metric.ErrorsLimited => MeasureSet.Of("limited"),
            Metric.ErrorsRefused => MeasureSet.Of("refused"),
            Metric.ErrorsClient => MeasureSet.Of("client_errors"),
            Metric.ErrorsUpstream => MeasureSet.Of("upstream_errors"),
            _ => MeasureSet.Of("gateway_errors"),
        };

    /// <summary>Whether it is read from histograms.</summary>
    public static bool NeedsHistogram(Metric metric) =>
        metric is Metric.LatencyP50 or Metric.LatencyP95 or Metric.LatencyP99;

    /// <summary>Whether there is a value where there were no calls: nothing, then, and zero.</summary>
    public static bool CountsUp(Metric metric) =>
        !NeedsHistogram(metric) && metric is not (Metric.ErrorRate or Metric.LatencyMean);

    private static double Share(long part, long whole) => whole == 0 ? 0 : (double)part / whole;
}
