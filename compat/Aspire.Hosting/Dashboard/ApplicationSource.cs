using System.Globalization;
using System.Runtime.CompilerServices;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Orchestration;

namespace Aspire.Hosting.Dashboard;

/// <summary>The running application, as the dashboard asks for it.</summary>
internal sealed class ApplicationSource(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    Lazy<ResourceCommandService> commands
) : IDashboardSource
{
    // What runs comes first, in the order of the program; then its parameters.
    public IReadOnlyList<DashboardResource> Resources =>
        [
            .. model
                .Resources.OrderBy(resource => resource is ParameterResource)
                .SelectMany(resource => resource.Ids())
                .Select(id => notifications.TryGetCurrentState(id, out var state) ? state : null)
                .OfType<ResourceEvent>()
                .Select(View),
        ];

    public async IAsyncEnumerable<DashboardResource> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var state in notifications.WatchAsync(cancellationToken))
        {
            yield return View(state);
        }
    }

    public async IAsyncEnumerable<DashboardLogLine> WatchLogsAsync(
        string resource,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        if (!notifications.TryGetCurrentState(resource, out _))
        {
            yield break;
        }

        await foreach (var lines in logs.WatchAsync(resource).WithCancellation(cancellationToken))
        {
            foreach (var line in lines)
            {
                yield return View(line);
            }
        }
    }

    public async Task<DashboardCommandResult> ExecuteAsync(
        string resource,
        DashboardCommand command,
        CancellationToken cancellationToken
    )
    {
        var name = command switch
        {
            DashboardCommand.Start => KnownResourceCommands.StartCommand,
            DashboardCommand.Stop => KnownResourceCommands.StopCommand,
            _ => KnownResourceCommands.RestartCommand,
        };
        var result = await commands.Value.ExecuteCommandAsync(resource, name, cancellationToken);
        return result.Success ? DashboardCommandResult.Done : new(result.Message);
    }

    private static DashboardLogLine View(LogLine line)
    {
        // The time stands first; see LogLine.Content.
        var end = line.Content.IndexOf(' ', StringComparison.Ordinal);
        return new(
            line.LineNumber,
            line.Content[(end + 1)..],
            line.IsErrorMessage,
            DateTimeOffset.Parse(line.Content.AsSpan(0, end), CultureInfo.InvariantCulture)
        );
    }

    private DashboardResource View(ResourceEvent state) => ResourceViews.Of(state, Secrets());

    // Whatever is made with a secret is one too, such as a connection string.
    private List<string> Secrets() =>
        [
            .. model
                .Resources.OfType<ParameterResource>()
                .Where(p => p.Secret)
                .Select(p => p.KnownValue)
                .OfType<string>()
                .Where(value => value.Length > 0),
        ];
}
