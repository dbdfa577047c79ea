namespace Aspire.Hosting.ApplicationModel;

/// <summary>A resource starts only after another one.</summary>
/// <param name="resource">The other one.</param>
/// <param name="waitType">How far the other one has to be.</param>
/// <param name="exitCode">The exit code that counts as completion.</param>
public sealed class WaitAnnotation(IResource resource, WaitType waitType, int exitCode = 0)
    : IResourceAnnotation
{
    /// <summary>The other one.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>How far it has to be.</summary>
    public WaitType WaitType { get; } = waitType;

    /// <summary>What becomes of the wait when it ends or cannot start; null is the application's default.</summary>
    public WaitBehavior? WaitBehavior { get; init; }

    /// <summary>The exit code that counts as completion.</summary>
    public int ExitCode { get; } = exitCode;
}

/// <summary>How far a resource has to be.</summary>
public enum WaitType
{
    /// <summary>It runs and its health checks pass.</summary>
    WaitUntilHealthy = 0,

    /// <summary>It has ended.</summary>
    WaitForCompletion = 1,

    /// <summary>It runs.</summary>
    WaitUntilStarted = 2,
}

/// <summary>What becomes of a wait for a resource that has ended or could not start.</summary>
public enum WaitBehavior
{
    /// <summary>It goes on: the resource may be started again.</summary>
    WaitOnResourceUnavailable = 0,

    /// <summary>It fails.</summary>
    StopOnResourceUnavailable = 1,
}
