using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.Http;

namespace OpenTelemetry.Trace;

/// <summary>Traces of outgoing HTTP calls.</summary>
public static class HttpClientInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Collects the spans that <see cref="HttpClient"/> makes of its calls.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder
    ) => builder.AddHttpClientInstrumentation(configureHttpClientTraceInstrumentationOptions: null);

    /// <summary>Collects the spans that <see cref="HttpClient"/> makes of its calls, as the options say.</summary>
    public static TracerProviderBuilder AddHttpClientInstrumentation(
        this TracerProviderBuilder builder,
        Action<HttpClientTraceInstrumentationOptions>? configureHttpClientTraceInstrumentationOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configureHttpClientTraceInstrumentationOptions is { } configure)
        {
            builder.ConfigureServices(services => services.Configure(configure));
        }

        // HttpClient asks this source itself; the listener only applies the options.
        return builder
            .AddSource("System.Net.Http")
            .AddInstrumentation(services => new HttpClientListener(
                services.GetRequiredService<IOptions<HttpClientTraceInstrumentationOptions>>().Value
            ));
    }
}
