using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics;

// As the catalog writes them.

/// <summary>A version of an API.</summary>
internal sealed class VersionKind : IIdKind
{
    public static string Prefix => "ver";
}

/// <summary>An operation of a version.</summary>
internal sealed class OperationKind : IIdKind
{
    public static string Prefix => "op";
}

/// <summary>A plan.</summary>
internal sealed class PlanKind : IIdKind
{
    public static string Prefix => "plan";
}

/// <summary>A recorded call.</summary>
internal sealed class CallKind : IIdKind
{
    public static string Prefix => "call";
}
