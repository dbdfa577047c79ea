namespace Aspire.Hosting.Dashboard;

/// <summary>What the dashboard shows and commands: the resources of one AppHost. Called from many threads at once.</summary>
public interface IDashboardSource
{
    /// <summary>All resources as they are now, every replica by itself.</summary>
    IReadOnlyList<DashboardResource> Resources { get; }

    /// <summary>Gives a resource each time it changed; it ends when <paramref name="cancellationToken"/> says so.</summary>
    IAsyncEnumerable<DashboardResource> WatchAsync(CancellationToken cancellationToken);

    /// <summary>Gives the lines that are kept of a resource, then each new one. Empty for an unknown resource.</summary>
    /// <param name="resource">The <see cref="DashboardResource.Name"/>.</param>
    /// <param name="cancellationToken">Ends it.</param>
    IAsyncEnumerable<DashboardLogLine> WatchLogsAsync(
        string resource,
        CancellationToken cancellationToken
    );

    /// <summary>Starts, stops or restarts a resource. That it cannot be done is a result, not an exception.</summary>
    Task<DashboardCommandResult> ExecuteAsync(
        string resource,
        DashboardCommand command,
        CancellationToken cancellationToken
    );
}

/// <summary>What can be done with a resource.</summary>
public enum DashboardCommand
{
    /// <summary>Starts what has stopped.</summary>
    Start,

    /// <summary>Stops what runs.</summary>
    Stop,

    /// <summary>Stops and starts.</summary>
    Restart,
}

/// <summary>How a command went.</summary>
/// <param name="Error">Why it could not be done, for the person who asked; <c>null</c> when it was.</param>
public sealed record DashboardCommandResult(string? Error = null)
{
    /// <summary>It was done.</summary>
    public static DashboardCommandResult Done { get; } = new();
}

/// <summary>A line that a resource wrote.</summary>
/// <param name="Number">Counts from 1 for each resource.</param>
/// <param name="Text">The line without its end; escape sequences for colours may be in it.</param>
/// <param name="IsError">Whether it came from standard error.</param>
/// <param name="At">When it was written, where that is known.</param>
public sealed record DashboardLogLine(
    long Number,
    string Text,
    bool IsError = false,
    DateTimeOffset? At = null
);
