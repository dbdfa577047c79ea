using System.Collections.Immutable;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>How a resource is, at a moment.</summary>
public sealed record CustomResourceSnapshot
{
    /// <summary>Its type, in a word: <c>Project</c>, <c>Executable</c>, <c>Container</c>, <c>Parameter</c>.</summary>
    public required string ResourceType { get; init; }

    /// <summary>What else is to be shown.</summary>
    public required ImmutableArray<ResourcePropertySnapshot> Properties { get; init; }

    /// <summary>Where it is in its life, one of <see cref="KnownResourceStates"/>.</summary>
    public ResourceStateSnapshot? State { get; init; }

    /// <summary>How its process ended.</summary>
    public int? ExitCode { get; init; }

    /// <summary>When it was made, in UTC.</summary>
    public DateTime? CreationTimeStamp { get; init; }

    /// <summary>When it was started last, in UTC.</summary>
    public DateTime? StartTimeStamp { get; init; }

    /// <summary>When it ended last, in UTC.</summary>
    public DateTime? StopTimeStamp { get; init; }

    /// <summary>What its health checks said last.</summary>
    public ImmutableArray<HealthReportSnapshot> HealthReports { get; internal init; } = [];

    /// <summary>The worst of its health checks while it runs; healthy without any; null when it does not run.</summary>
    public HealthStatus? HealthStatus
    {
        get
        {
            if (State?.Text != KnownResourceStates.Running)
            {
                return null;
            }

            return HealthReports.IsEmpty
                ? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Healthy
                : HealthReports.Min(r =>
                    r.Status ?? Microsoft.Extensions.Diagnostics.HealthChecks.HealthStatus.Unhealthy
                );
        }
    }

    /// <summary>Its environment.</summary>
    public ImmutableArray<EnvironmentVariableSnapshot> EnvironmentVariables { get; init; } = [];

    /// <summary>Its addresses.</summary>
    public ImmutableArray<UrlSnapshot> Urls { get; init; } = [];

    /// <summary>What it belongs to and waits for.</summary>
    public ImmutableArray<RelationshipSnapshot> Relationships { get; init; } = [];
}

/// <summary>Something to be shown of a resource.</summary>
public sealed record ResourcePropertySnapshot(string Name, object? Value)
{
    /// <summary>Whether it must be hidden.</summary>
    public bool IsSensitive { get; init; }
}

/// <summary>A state, and how to show it: one of <c>success</c>, <c>info</c>, <c>warning</c>, <c>error</c>.</summary>
public sealed record ResourceStateSnapshot(string Text, string? Style)
{
    /// <summary>A state without a style.</summary>
    public static implicit operator ResourceStateSnapshot?(string? s) =>
        s is null ? null : new(s, Style: null);
}

/// <summary>What a health check said.</summary>
public sealed record HealthReportSnapshot(
    string Name,
    HealthStatus? Status,
    string? Description,
    string? ExceptionText
)
{
    /// <summary>When, in UTC.</summary>
    public DateTime? LastRunAt { get; init; }
}

/// <summary>An environment variable.</summary>
public sealed record EnvironmentVariableSnapshot(string Name, string? Value, bool IsFromSpec);

/// <summary>An address.</summary>
public sealed record UrlSnapshot(string? Name, string Url, bool IsInternal);

/// <summary>Another resource, and what it is to this one: <c>Parent</c>, <c>Reference</c>, <c>WaitFor</c>.</summary>
public sealed record RelationshipSnapshot(string ResourceName, string Type);

/// <summary>News of a resource.</summary>
public class ResourceEvent(IResource resource, string resourceId, CustomResourceSnapshot snapshot)
{
    /// <summary>The resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The replica; of a resource without replicas it is the resource's name.</summary>
    public string ResourceId { get; } = resourceId;

    /// <summary>How it is now.</summary>
    public CustomResourceSnapshot Snapshot { get; } = snapshot;
}
