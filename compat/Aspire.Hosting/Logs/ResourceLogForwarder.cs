using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Logs;

/// <summary>Writes every resource's log to the host's own, under the resource's name.</summary>
internal sealed partial class ResourceLogForwarder(
    ResourceLoggerService logs,
    ILoggerFactory factory,
    IHostEnvironment environment
)
{
    private readonly ConcurrentDictionary<string, ILogger> _loggers = new();

    public void Start() => logs.Written += Forward;

    public void Stop() => logs.Written -= Forward;

    private void Forward(string id, string text, bool isError)
    {
        var logger = _loggers.GetOrAdd(
            id,
            name => factory.CreateLogger($"{environment.ApplicationName}.Resources.{name}")
        );
        LogLine(logger, isError ? LogLevel.Error : LogLevel.Information, text);
    }

    [LoggerMessage(Message = "{Line}")]
    private static partial void LogLine(ILogger logger, LogLevel level, string line);
}
