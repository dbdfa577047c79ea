using System.Diagnostics.Tracing;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>What the exporter has to say of itself, where the SDK's own diagnostics are looked for.</summary>
[EventSource(Name = "OpenTelemetry-Exporter-Prometheus")]
internal sealed class PrometheusEventSource : EventSource
{
    public static readonly PrometheusEventSource Log = new();

    [Event(1, Message = "Metric '{0}' is left out: {1}.", Level = EventLevel.Warning)]
    public void LeftOut(string metric, string reason) => WriteEvent(1, metric, reason);
}
