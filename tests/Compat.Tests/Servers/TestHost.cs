using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.Compat.Tests.Servers;

/// <summary>A host with the given configuration and nothing else.</summary>
internal static class TestHost
{
    public static HostApplicationBuilder Create(params (string Key, string? Value)[] configuration)
    {
        var builder = Host.CreateEmptyApplicationBuilder(settings: null);
        builder.Services.AddLogging();
        builder.Configuration.AddInMemoryCollection(
            configuration.Select(entry => KeyValuePair.Create(entry.Key, entry.Value))
        );
        return builder;
    }

    /// <summary>The one check of a host.</summary>
    public static async Task<(string Name, HealthReportEntry Entry)> CheckAsync(IHost host)
    {
        var report = await host
            .Services.GetRequiredService<HealthCheckService>()
            .CheckHealthAsync();
        var (name, entry) = report.Entries.ShouldHaveSingleItem();
        return (name, entry);
    }
}
