using System.Collections.Immutable;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Changes snapshots.</summary>
public static class CustomResourceSnapshotExtensions
{
    /// <summary>With other health reports.</summary>
    public static CustomResourceSnapshot WithHealthReports(
        this CustomResourceSnapshot snapshot,
        ImmutableArray<HealthReportSnapshot> healthReports
    ) => snapshot with { HealthReports = healthReports };
}
