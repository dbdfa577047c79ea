using System.Globalization;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Dashboard;

/// <summary>A resource's state, as the dashboard shows it.</summary>
internal static class ResourceViews
{
    private static readonly string[] Passing =
    [
        KnownResourceStates.Waiting,
        KnownResourceStates.Starting,
        KnownResourceStates.Stopping,
    ];

    public static DashboardResource Of(ResourceEvent state, IReadOnlyCollection<string> secrets)
    {
        var snapshot = state.Snapshot;
        return new(state.ResourceId, snapshot.ResourceType, snapshot.State?.Text)
        {
            DisplayName = state.Resource.Name,
            Tone = ToneOf(snapshot.State),
            Health = snapshot.HealthReports.IsEmpty ? null : snapshot.HealthStatus?.ToString(),
            HealthTone = ToneOf(snapshot.HealthStatus),
            HealthReports =
            [
                .. snapshot.HealthReports.Select(r => new DashboardHealthReport(
                    r.Name,
                    r.Status?.ToString() ?? "Unknown",
                    ToneOf(r.Status),
                    r.Description ?? r.ExceptionText
                )),
            ],
            Endpoints = [.. snapshot.Urls.Select(u => new DashboardEndpoint(u.Name ?? "", u.Url))],
            Environment =
            [
                .. snapshot
                    .EnvironmentVariables.OrderBy(v => v.Name, StringComparer.Ordinal)
                    .Select(v => new DashboardVariable(v.Name, v.Value, Has(v.Value, secrets))),
            ],
            Properties =
            [
                .. snapshot.Properties.Select(p => new DashboardVariable(
                    p.Name,
                    Convert.ToString(p.Value, CultureInfo.InvariantCulture),
                    p.IsSensitive
                )),
            ],
            StartedAt = At(snapshot.StartTimeStamp),
            StoppedAt = At(snapshot.StopTimeStamp),
            ExitCode = snapshot.ExitCode,
            Commands = CommandsOf(state),
        };
    }

    // What runs within another, such as a database, or has no process, such as a parameter, has no commands.
    private static DashboardCommand[] CommandsOf(ResourceEvent state)
    {
        if (!state.Resource.Annotations.OfType<Orchestration.ILocalServer>().Any())
        {
            return [];
        }

        var text = state.Snapshot.State?.Text ?? KnownResourceStates.NotStarted;
        return
            text == KnownResourceStates.NotStarted
            || KnownResourceStates.TerminalStates.Contains(text)
            ? [DashboardCommand.Start]
            : [DashboardCommand.Stop, DashboardCommand.Restart];
    }

    private static bool Has(string? value, IReadOnlyCollection<string> secrets) =>
        value is not null && secrets.Any(s => value.Contains(s, StringComparison.Ordinal));

    private static DateTimeOffset? At(DateTime? utc) =>
        utc is { } time ? new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)) : null;

    private static DashboardTone ToneOf(ResourceStateSnapshot? state)
    {
        if (state is null)
        {
            return DashboardTone.Neutral;
        }

        if (state.Style == KnownResourceStateStyles.Error)
        {
            return DashboardTone.Bad;
        }

        if (state.Style == KnownResourceStateStyles.Success)
        {
            return DashboardTone.Good;
        }

        return Passing.Contains(state.Text) ? DashboardTone.Progress : DashboardTone.Neutral;
    }

    private static DashboardTone ToneOf(HealthStatus? status) =>
        status switch
        {
            HealthStatus.Healthy => DashboardTone.Good,
            HealthStatus.Degraded => DashboardTone.Warning,
            HealthStatus.Unhealthy => DashboardTone.Bad,
            _ => DashboardTone.Neutral,
        };
}
