namespace OpenTelemetry.Exporter;

/// <summary>Options of the page that Prometheus scrapes.</summary>
public class PrometheusAspNetCoreOptions
{
    /// <summary>The page's path where none is given; <c>/metrics</c> unless set.</summary>
    public string? ScrapeEndpointPath { get; set; } = "/metrics";

    /// <summary>For how many milliseconds one collection answers every scrape; 300 unless set, 0 for none.</summary>
    public int ScrapeResponseCacheDurationMilliseconds { get; set; } = 300;

    /// <summary>Whether counters keep their name, without <c>_total</c>.</summary>
    public bool DisableTotalNameSuffixForCounters { get; set; }
}
