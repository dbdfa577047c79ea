using System.Runtime.InteropServices;

namespace Aspire.Hosting.Processes;

/// <summary>Finds programs of the machine.</summary>
internal static class Programs
{
    /// <summary>The program that runs .NET assemblies: the one of the runtime that this process runs on.</summary>
    public static string Dotnet { get; } = FindDotnet();

    /// <summary>Looks for a program: a path, or a name in <c>PATH</c> and where the system keeps servers.</summary>
    public static string? Find(string program, string? workingDirectory = null)
    {
        if (program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(program, workingDirectory ?? Environment.CurrentDirectory);
            return File.Exists(path) ? path : null;
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Concat(["/usr/bin", "/usr/sbin", "/usr/local/bin", "/bin"])
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);
    }

    /// <summary>Looks for a program that has to be there.</summary>
    /// <exception cref="DistributedApplicationException">It is not; the message names the remedy.</exception>
    public static string Require(string program, string package) =>
        Find(program)
        ?? throw new DistributedApplicationException(
            $"The program '{program}' is not installed. Install it: apt-get install {package}"
        );

    private static string FindDotnet()
    {
        // …/shared/Microsoft.NETCore.App/10.0.0/
        var own = Path.GetFullPath(
            Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", "..", "dotnet")
        );
        return File.Exists(own) ? own : Find("dotnet") ?? "dotnet";
    }
}
