using System.Collections.ObjectModel;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application.</summary>
public interface IResource
{
    /// <summary>Unique in the model, without regard to case.</summary>
    string Name { get; }

    /// <summary>All that is known of it.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>Something known of a resource.</summary>
public interface IResourceAnnotation;

/// <summary>What is known of a resource, in the order in which it was said.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>The base of resources.</summary>
/// <param name="name">Unique in the model, without regard to case.</param>
public abstract class Resource(string name) : IResource
{
    /// <inheritdoc />
    public virtual string Name { get; } = name;

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}
