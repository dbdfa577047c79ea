namespace OpenTelemetry.Metrics;

/// <summary>Metrics of outgoing HTTP calls.</summary>
public static class HttpClientInstrumentationMeterProviderBuilderExtensions
{
    /// <summary>Collects the meters of <see cref="HttpClient"/> and of name resolution.</summary>
    public static MeterProviderBuilder AddHttpClientInstrumentation(
        this MeterProviderBuilder builder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddMeter("System.Net.Http").AddMeter("System.Net.NameResolution");
    }
}
