using System.Diagnostics;
using System.Globalization;
using ApiSvc.Testing;

namespace ApiSvc.Aspire.Hosting.Tests.Processes;

/// <summary>A host that is killed leaves nothing behind.</summary>
public sealed class KilledHostTests
{
    [Fact]
    public async Task Kill_OfTheHost_EndsChildrenAndTheirChildren()
    {
        var data = Path.Combine(Path.GetTempPath(), $"apphost-{Guid.NewGuid():n}");
        var start = new ProcessStartInfo(
            "dotnet",
            [Path.Combine(AppContext.BaseDirectory, "ApiSvc.SampleAppHost.dll")]
        )
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
        };
        start.Environment["APISVC_DATA"] = data;
        using var host = Process.Start(start)!;
        var child = await ReadUntilAsync(host.StandardOutput, "child ");
        ProcessesWith(data)
            .Count.ShouldBeGreaterThan(5, "Postgres, Redis, two services, a program");

        host.Kill();

        await Eventually.HoldsAsync(
            () => ProcessesWith(data).Count == 0 && !IsAlive(child),
            $"no process with {data} in its environment, and no {child}"
        );
        Directory.Delete(data, recursive: true);
    }

    // The children's environment names the folder, since they have the host's.
    private static List<string> ProcessesWith(string data) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(folder =>
                    char.IsAsciiDigit(Path.GetFileName(folder)[0]) && Names(folder, data)
                ),
        ];

    private static bool Names(string process, string data)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, "environ"))
                .Contains(data, StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Another user's, or gone.
            return false;
        }
    }

    private static bool IsAlive(int pid)
    {
        var status = string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status");
        return File.Exists(status)
            && !File.ReadAllText(status).Contains("State:\tZ", StringComparison.Ordinal);
    }

    private static async Task<int> ReadUntilAsync(StreamReader output, string text)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        var seen = new List<string>();
        while (await output.ReadLineAsync(patience.Token) is { } line)
        {
            seen.Add(line);
            if (line.Trim().StartsWith(text, StringComparison.Ordinal))
            {
                return int.Parse(line.Trim()[text.Length..], CultureInfo.InvariantCulture);
            }
        }

        throw new InvalidOperationException(string.Join('\n', seen));
    }
}
