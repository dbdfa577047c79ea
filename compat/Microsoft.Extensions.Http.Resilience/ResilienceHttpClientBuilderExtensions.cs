using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Http.Resilience;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Resilience of outgoing HTTP calls.</summary>
public static class ResilienceHttpClientBuilderExtensions
{
    /// <summary>
    /// Limits, times out, retries and breaks off the calls of a client. Among the defaults of all clients
    /// (<c>ConfigureHttpClientDefaults</c>) they share one breaker and one limit, unless
    /// <see cref="HttpStandardResiliencePipelineBuilderExtensions.SelectPipelineByAuthority"/> parts them.
    /// </summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);

        // The builder of the defaults has no name.
        var name = string.IsNullOrEmpty(builder.Name) ? "standard" : $"{builder.Name}-standard";
        builder.Services.AddOptionsWithValidateOnStart<HttpStandardResilienceOptions>(name);
        builder.Services.TryAddEnumerable(
            ServiceDescriptor.Singleton<
                IValidateOptions<HttpStandardResilienceOptions>,
                HttpStandardResilienceOptionsValidator
            >()
        );
        builder.Services.TryAddKeyedSingleton(
            name,
            (services, _) => ActivatorUtilities.CreateInstance<StandardPipelines>(services, name)
        );
        builder.AddHttpMessageHandler(services => new StandardResilienceHandler(
            services.GetRequiredKeyedService<StandardPipelines>(name)
        ));
        return new StandardPipelineBuilder(name, builder.Services);
    }

    /// <summary>As the overload without options, with the options bound to a section.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder,
        IConfigurationSection section
    ) => builder.AddStandardResilienceHandler().Configure(section);

    /// <summary>As the overload without options, with the options changed.</summary>
    public static IHttpStandardResiliencePipelineBuilder AddStandardResilienceHandler(
        this IHttpClientBuilder builder,
        Action<HttpStandardResilienceOptions> configure
    ) => builder.AddStandardResilienceHandler().Configure(configure);
}
