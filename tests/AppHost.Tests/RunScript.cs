using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using ApiSvc.Testing;

namespace ApiSvc.AppHost.Tests;

/// <summary><c>run.sh</c> with a data folder of its own, on what is built.</summary>
internal sealed class RunScript : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(4);

    // Not made by Directory.CreateTempSubdirectory: Postgres' own user has to get through it.
    private readonly string _parent = Directory
        .CreateDirectory(Path.Combine(Path.GetTempPath(), $"run-{Guid.NewGuid():n}"))
        .FullName;

    public RunScript() => Data = Path.Combine(_parent, "data");

    /// <summary>The data folder; it is not there before the first start.</summary>
    public string Data { get; init; }

    public Dictionary<string, string> Environment { get; } = [];

    /// <summary>What the script is run by; by itself unless said.</summary>
    public IReadOnlyList<string> Wrapper { get; init; } = [];

    public JsonElement Endpoints =>
        JsonDocument.Parse(File.ReadAllText(Path.Combine(Data, "endpoints.json"))).RootElement;

    /// <summary>Runs it to its end; its exit code and all that it wrote.</summary>
    public async Task<(int Code, string Output)> RunAsync(params string[] arguments)
    {
        string[] command = [.. Wrapper, Path.Combine(Repository.Root, "run.sh"), .. arguments];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = "/",
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["APISVC_DATA"] = Data },
        };
        foreach (var (name, value) in Environment)
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output + await errors);
    }

    public Task<(int Code, string Output)> DetachAsync() => RunAsync("--detach", "--no-build");

    /// <summary>The processes that say the data folder on their command line or in their environment.</summary>
    public IReadOnlyList<string> Processes() =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Where(p => int.TryParse(Path.GetFileName(p), CultureInfo.InvariantCulture, out _))
                .Where(p => Read(p, "cmdline").Contains(Data) || Read(p, "environ").Contains(Data))
                .Select(p => Read(p, "cmdline").Replace('\0', ' '))
                .Where(line => line.Length > 0),
        ];

    public async ValueTask DisposeAsync()
    {
        if (Directory.Exists(Data))
        {
            await RunAsync("--reset");
        }

        Directory.Delete(_parent, recursive: true);
    }

    // A process may end while it is looked at.
    private static string Read(string process, string file)
    {
        try
        {
            return File.ReadAllText(Path.Combine(process, file));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return "";
        }
    }
}
