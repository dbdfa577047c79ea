using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using OpenTelemetry.Instrumentation.AspNetCore;

namespace OpenTelemetry.Trace;

/// <summary>Traces of incoming HTTP calls.</summary>
public static class AspNetCoreInstrumentationTracerProviderBuilderExtensions
{
    /// <summary>Collects the spans that ASP.NET Core makes of incoming calls.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder
    ) => builder.AddAspNetCoreInstrumentation(configureAspNetCoreTraceInstrumentationOptions: null);

    /// <summary>Collects the spans that ASP.NET Core makes of incoming calls, as the options say.</summary>
    public static TracerProviderBuilder AddAspNetCoreInstrumentation(
        this TracerProviderBuilder builder,
        Action<AspNetCoreTraceInstrumentationOptions>? configureAspNetCoreTraceInstrumentationOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        if (configureAspNetCoreTraceInstrumentationOptions is { } configure)
        {
            builder.ConfigureServices(services => services.Configure(configure));
        }

        return builder
            .AddSource("Microsoft.AspNetCore")
            .AddInstrumentation(services => new AspNetCoreListener(
                services.GetRequiredService<IOptions<AspNetCoreTraceInstrumentationOptions>>().Value
            ));
    }
}
