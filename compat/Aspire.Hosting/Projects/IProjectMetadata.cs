using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

/// <summary>Where a project is.</summary>
public interface IProjectMetadata : IResourceAnnotation
{
    /// <summary>The project file's path.</summary>
    string ProjectPath { get; }

    /// <summary>Whether it is built already.</summary>
    bool SuppressBuild => false;
}

internal sealed record ProjectMetadata(string ProjectPath) : IProjectMetadata
{
    public bool SuppressBuild => true;
}
