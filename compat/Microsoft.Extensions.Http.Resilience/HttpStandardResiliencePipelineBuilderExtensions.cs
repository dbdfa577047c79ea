using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Says how the standard handler of a client works.</summary>
public static class HttpStandardResiliencePipelineBuilderExtensions
{
    /// <summary>Binds the options to a section; a change of it makes new pipelines.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(
        this IHttpStandardResiliencePipelineBuilder builder,
        IConfigurationSection section
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<HttpStandardResilienceOptions>(builder.PipelineName, section);
        return builder;
    }

    /// <summary>Changes the options.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(
        this IHttpStandardResiliencePipelineBuilder builder,
        Action<HttpStandardResilienceOptions> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure(builder.PipelineName, configure);
        return builder;
    }

    /// <summary>Changes the options with the help of services.</summary>
    public static IHttpStandardResiliencePipelineBuilder Configure(
        this IHttpStandardResiliencePipelineBuilder builder,
        Action<HttpStandardResilienceOptions, IServiceProvider> configure
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder
            .Services.AddOptions<HttpStandardResilienceOptions>(builder.PipelineName)
            .Configure(configure);
        return builder;
    }

    /// <summary>Keeps a pipeline, and so a breaker and a limit, for each scheme, host and port.</summary>
    public static IHttpStandardResiliencePipelineBuilder SelectPipelineByAuthority(
        this IHttpStandardResiliencePipelineBuilder builder
    ) =>
        builder.SelectPipelineBy(_ =>
            request => request.RequestUri?.GetLeftPart(UriPartial.Authority) ?? ""
        );

    /// <summary>Keeps a pipeline, and so a breaker and a limit, for each key.</summary>
    public static IHttpStandardResiliencePipelineBuilder SelectPipelineBy(
        this IHttpStandardResiliencePipelineBuilder builder,
        Func<IServiceProvider, Func<HttpRequestMessage, string>> selectorFactory
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder
            .Services.AddOptions<PipelineKeyOptions>(builder.PipelineName)
            .Configure<IServiceProvider>(
                (options, services) => options.Selector = selectorFactory(services)
            );
        return builder;
    }
}
