using System.Diagnostics;

namespace ApiSvc.Analytics.Tests.Hosting;

/// <summary>Analytics as the program that it is.</summary>
internal sealed class AnalyticsProcess : IDisposable
{
    private readonly Process _process;

    private AnalyticsProcess(Process process) => _process = process;

    public static AnalyticsProcess Start(string database, string kafka)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(AnalyticsExtensions).Assembly.Location])
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_hostBuilder__reloadConfigOnChange"] = "false";
        foreach (var (key, value) in AnalyticsHost.Settings(database, kafka))
        {
            start.Environment[key.Replace(":", "__", StringComparison.Ordinal)] = value;
        }

        var process = Process.Start(start)!;
        // A full pipe would stop it.
        process.OutputDataReceived += (_, _) => { };
        process.ErrorDataReceived += (_, _) => { };
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new(process);
    }

    public bool HasExited => _process.HasExited;

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            Kill();
        }

        _process.Dispose();
    }
}
