using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ApiSvc.ServiceDefaults.Endpoints;

/// <summary>What <c>/health</c> answers.</summary>
internal sealed record HealthDocument(string Status, IReadOnlyList<HealthDocument.Check> Checks)
{
    /// <param name="Name">Such as <c>catalogdb</c>.</param>
    /// <param name="Status"><c>healthy</c>, <c>degraded</c> or <c>unhealthy</c>.</param>
    /// <param name="Description">What the check says, in its own words.</param>
    /// <param name="DurationMs">How long it took.</param>
    internal sealed record Check(string Name, string Status, string? Description, long DurationMs);

    public static HealthDocument Of(HealthReport report) =>
        new(
            Word(report.Status),
            [
                .. report.Entries.Select(e => new Check(
                    e.Key,
                    Word(e.Value.Status),
                    Describe(e.Value),
                    (long)e.Value.Duration.TotalMilliseconds
                )),
            ]
        );

    // A check that threw is described with the exception's message, which may hold addresses or credentials.
    private static string? Describe(HealthReportEntry entry) =>
        entry.Exception is { } e && (entry.Description is null || entry.Description == e.Message)
            ? "The check failed; the log has the reason."
            : entry.Description;

    private static string Word(HealthStatus status) =>
        status switch
        {
            HealthStatus.Healthy => "healthy",
            HealthStatus.Degraded => "degraded",
            _ => "unhealthy",
        };
}
