using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Processes;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Orchestration;

/// <summary>How a resource is run as a local process.</summary>
internal interface ILocalServer : IResourceAnnotation
{
    /// <summary>Makes what the process needs, and says how to start it.</summary>
    /// <exception cref="DistributedApplicationException">It cannot run; the message says why and what to do.</exception>
    Task<ProcessPlan> PrepareAsync(LocalServerContext context);

    /// <summary>Once it is healthy, before anybody is told so.</summary>
    Task ReadyAsync(LocalServerContext context) => Task.CompletedTask;
}

/// <summary>What a start has at hand.</summary>
/// <param name="Resource">What starts.</param>
/// <param name="Local">The application.</param>
/// <param name="Logger">The log of the replica that starts.</param>
/// <param name="CancellationToken">Ends the start.</param>
internal sealed record LocalServerContext(
    IResource Resource,
    LocalApplication Local,
    ILogger Logger,
    CancellationToken CancellationToken
);
