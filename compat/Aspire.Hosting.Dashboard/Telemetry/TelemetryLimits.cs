namespace Aspire.Hosting.Dashboard.Telemetry;

/// <summary>How much is kept; beyond it, what is oldest goes.</summary>
internal sealed record TelemetryLimits
{
    public int Traces { get; init; } = 1_000;

    /// <summary>Of all traces together.</summary>
    public int Spans { get; init; } = 20_000;

    public int SpansOfATrace { get; init; } = 5_000;

    public int Logs { get; init; } = 10_000;

    /// <summary>Of all services together.</summary>
    public int Series { get; init; } = 5_000;

    /// <summary>How long points are kept.</summary>
    public TimeSpan PointAge { get; init; } = TimeSpan.FromMinutes(20);

    public int PointsOfASeries { get; init; } = 300;
}
