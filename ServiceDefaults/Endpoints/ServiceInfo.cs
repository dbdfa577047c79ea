using System.Diagnostics;
using System.Reflection;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>What this process says it is.</summary>
/// <param name="Name">The resource's name, such as <c>catalog</c>: everywhere the same.</param>
/// <param name="Description">What it is for, in a sentence: the description of its project.</param>
/// <param name="Version">The semantic version.</param>
/// <param name="Commit">The commit it was built from, if known.</param>
/// <param name="Environment">Such as <c>Production</c>.</param>
/// <param name="Started">When the process started, UTC.</param>
public sealed record ServiceInfo(
    string Name,
    string? Description,
    string Version,
    string? Commit,
    string Environment,
    DateTimeOffset Started
)
{
    /// <summary>
    /// Named by <c>OTEL_SERVICE_NAME</c>, else after the application: <c>ApiSvc.Catalog</c> is <c>catalog</c>. The
    /// version is the entry assembly's, <c>0.1.0+commit</c>.
    /// </summary>
    internal static ServiceInfo Of(IConfiguration configuration, IHostEnvironment environment)
    {
        var name = configuration["OTEL_SERVICE_NAME"] is { Length: > 0 } given
            ? given
            : environment.ApplicationName.Split('.')[^1].ToLowerInvariant();
        var assembly = Assembly.GetEntryAssembly();
        var version =
            assembly
                ?.GetCustomAttribute<AssemblyInformationalVersionAttribute>()
                ?.InformationalVersion.Split('+')
            ?? ["0.0.0"];
        using var process = Process.GetCurrentProcess();
        return new ServiceInfo(
            name,
            assembly?.GetCustomAttribute<AssemblyDescriptionAttribute>()?.Description,
            version[0],
            version.ElementAtOrDefault(1),
            environment.EnvironmentName,
            new DateTimeOffset(process.StartTime.ToUniversalTime(), TimeSpan.Zero)
        );
    }
}
