using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Executables;

namespace Aspire.Hosting;

/// <summary>Adds programs.</summary>
public static class ExecutableResourceBuilderExtensions
{
    /// <summary>Adds a program.</summary>
    /// <param name="builder">The application's builder.</param>
    /// <param name="name">The resource's name.</param>
    /// <param name="command">A path, or what is looked for in <c>PATH</c>.</param>
    /// <param name="workingDirectory">Where it runs, from the AppHost's folder.</param>
    /// <param name="args">Its arguments.</param>
    public static IResourceBuilder<ExecutableResource> AddExecutable(
        this IDistributedApplicationBuilder builder,
        string name,
        string command,
        string workingDirectory,
        params string[]? args
    )
    {
        var folder = Path.GetFullPath(workingDirectory, builder.AppHostDirectory);
        var executable = new ExecutableResource(name, command, folder);
        return builder
            .AddResource(executable)
            .WithAnnotation(new ExecutableServer(executable))
            .WithArgs(args ?? []);
    }
}
