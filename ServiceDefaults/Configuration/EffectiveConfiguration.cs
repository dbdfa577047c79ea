using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>An options class that the service reads, for the log.</summary>
internal sealed record RegisteredOptions(string Section, Func<object> Read);

/// <summary>Logs once, at the start, what the service was configured with; secrets are hidden.</summary>
internal sealed partial class EffectiveConfiguration(
    IEnumerable<RegisteredOptions> registered,
    ILogger<EffectiveConfiguration> logger
) : IHostedService
{
    private const string Hidden = "***";

    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var options in registered.OrderBy(o => o.Section, StringComparer.Ordinal))
        {
            var settings = OptionsGraph
                .Walk(options.Section, options.Read())
                .Where(node => node.IsLeaf)
                .Select(node => $"{node.Key}={Show(node)}");
            Log.Configured(logger, options.Section, string.Join(", ", settings));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static string Show(OptionsNode node)
    {
        if (node.Value is null or "")
        {
            return "";
        }

        var text = Convert.ToString(node.Value, CultureInfo.InvariantCulture) ?? "";
        return node.IsSecret || HoldsPassword(text) ? Hidden : text;
    }

    // https://user:password@host
    private static bool HoldsPassword(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0;

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Configuration of {Section}: {Settings}")]
        public static partial void Configured(ILogger logger, string section, string settings);
    }
}
