using System.Diagnostics;

namespace Aspire.Hosting.Processes;

/// <summary>Runs a short program to its end.</summary>
internal static class Tool
{
    /// <exception cref="DistributedApplicationException">It failed; the message has its output.</exception>
    public static async Task RunAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var (exitCode, output) = await TryAsync(program, arguments, cancellationToken);
        if (exitCode != 0)
        {
            throw new DistributedApplicationException(
                $"{program} failed with exit code {exitCode}: {output.Trim()}"
            );
        }
    }

    public static async Task<(int ExitCode, string Output)> TryAsync(
        string program,
        IEnumerable<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        using var process = await ProcessSpawner.StartAsync(start);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
