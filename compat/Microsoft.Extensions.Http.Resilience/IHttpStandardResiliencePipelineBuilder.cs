using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>Says how the standard handler of a client works.</summary>
public interface IHttpStandardResiliencePipelineBuilder
{
    /// <summary>The name of the pipeline, and of its options.</summary>
    string PipelineName { get; }

    /// <summary>The host's services.</summary>
    IServiceCollection Services { get; }
}

internal sealed record StandardPipelineBuilder(string PipelineName, IServiceCollection Services)
    : IHttpStandardResiliencePipelineBuilder;
