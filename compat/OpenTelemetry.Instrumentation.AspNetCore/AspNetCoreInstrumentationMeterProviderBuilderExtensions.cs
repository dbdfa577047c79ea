namespace OpenTelemetry.Metrics;

/// <summary>Metrics of incoming HTTP calls.</summary>
public static class AspNetCoreInstrumentationMeterProviderBuilderExtensions
{
    private static readonly string[] Meters =
    [
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "Microsoft.AspNetCore.Http.Connections",
        "Microsoft.AspNetCore.Routing",
        "Microsoft.AspNetCore.Diagnostics",
        "Microsoft.AspNetCore.RateLimiting",
    ];

    /// <summary>Collects the meters of ASP.NET Core: calls, connections, routing, exceptions, rate limits.</summary>
    public static MeterProviderBuilder AddAspNetCoreInstrumentation(
        this MeterProviderBuilder builder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter(Meters);
    }
}
