using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Catalog;

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

/// <summary>A revision.</summary>
internal sealed class RevisionKind : IIdKind
{
    public static string Prefix => "rev";
}

/// <summary>A plan.</summary>
internal sealed class PlanKind : IIdKind
{
    public static string Prefix => "plan";
}

/// <summary>A claim of a base path.</summary>
internal sealed class BasePathKind : IIdKind
{
    public static string Prefix => "path";
}
