namespace Aspire.Hosting.ApplicationModel;

/// <summary>A .NET project.</summary>
/// <param name="name">Its name.</param>
public class ProjectResource(string name)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithServiceDiscovery,
        IResourceWithWaitSupport;

/// <summary>A program.</summary>
/// <param name="name">Its name.</param>
/// <param name="command">A path, or what is looked for in <c>PATH</c>.</param>
/// <param name="workingDirectory">Where it runs.</param>
public class ExecutableResource(string name, string command, string workingDirectory)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithEndpoints,
        IResourceWithWaitSupport
{
    /// <summary>A path, or what is looked for in <c>PATH</c>.</summary>
    public string Command { get; } = command;

    /// <summary>Where it runs.</summary>
    public string WorkingDirectory { get; } = workingDirectory;
}

/// <summary>A container; here a program of the machine does its work.</summary>
/// <param name="name">Its name.</param>
/// <param name="entrypoint">Means nothing without containers.</param>
public class ContainerResource(string name, string? entrypoint = null)
    : Resource(name),
        IResourceWithEnvironment,
        IResourceWithArgs,
        IResourceWithEndpoints,
        IResourceWithWaitSupport
{
    /// <summary>Means nothing without containers.</summary>
    public string? Entrypoint { get; set; } = entrypoint;
}
