using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Projects;

/// <summary>Runs the build output of a project.</summary>
internal sealed class ProjectServer(string projectPath) : ILocalServer
{
    private const string Suffix = ".runtimeconfig.json";

    public Task<ProcessPlan> PrepareAsync(LocalServerContext context)
    {
        var folder = Path.GetDirectoryName(projectPath)!;
        var assembly =
            FindOutput(folder, context.Local.BuildConfiguration)
            ?? throw new DistributedApplicationException(
                $"{projectPath} is not built for {context.Local.BuildConfiguration}. Build it: dotnet build {projectPath} -c {context.Local.BuildConfiguration}"
            );
        return Task.FromResult(new ProcessPlan(Programs.Dotnet, [assembly], folder));
    }

    // A program's output has a runtime configuration of its name; there are more where it uses other programs.
    private string? FindOutput(string folder, string configuration)
    {
        var project = Path.GetFileNameWithoutExtension(projectPath);
        var output = Path.Combine(folder, "bin", configuration);
        return Directory.Exists(output)
            ? Directory
                .EnumerateFiles(output, $"*{Suffix}", SearchOption.AllDirectories)
                .Select(file => file[..^Suffix.Length] + ".dll")
                .Where(File.Exists)
                .OrderByDescending(file => IsNamed(file, project))
                .ThenByDescending(File.GetLastWriteTimeUtc)
                .FirstOrDefault()
            : null;
    }

    private static bool IsNamed(string file, string project)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name == project || name.EndsWith($".{project}", StringComparison.Ordinal);
    }
}
