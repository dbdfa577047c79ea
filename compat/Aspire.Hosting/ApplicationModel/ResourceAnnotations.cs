namespace Aspire.Hosting.ApplicationModel;

/// <summary>A health check says how a resource is.</summary>
/// <param name="key">The check's name among the application's health checks.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The check's name.</summary>
    public string Key { get; } = key;
}

/// <summary>A resource runs several times.</summary>
/// <param name="replicas">How many times.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>How many times.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>A resource starts when somebody asks for it, not with the application.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;
