using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter;

/// <summary>A team's connection to a provider.</summary>
internal sealed class ConnectionKind : IIdKind
{
    public static string Prefix => "conn";
}

/// <summary>A key at a provider.</summary>
internal sealed class ProviderKeyKind : IIdKind
{
    public static string Prefix => "pkey";
}

/// <summary>What a team says of a model.</summary>
internal sealed class OwnModelKind : IIdKind
{
    public static string Prefix => "mdl";
}

/// <summary>A virtual model.</summary>
internal sealed class VirtualModelKind : IIdKind
{
    public static string Prefix => "vmdl";
}

/// <summary>A budget.</summary>
internal sealed class BudgetKind : IIdKind
{
    public static string Prefix => "bdg";
}

/// <summary>A version of an API, which the Catalog has.</summary>
internal sealed class VersionKind : IIdKind
{
    public static string Prefix => "ver";
}
