using System.Diagnostics.Metrics;

namespace ApiSvc.ServiceDefaults.Data;

/// <summary>The name under which ServiceDefaults measures itself.</summary>
public static class ServiceMeter
{
    /// <summary>To be added to what OpenTelemetry collects.</summary>
    public const string Name = "ApiSvc.ServiceDefaults";

    internal static Meter Create(IMeterFactory meters) => meters.Create(Name);
}
