using ApiSvc.Contracts.GatewayConfig.V1;

namespace ApiSvc.Catalog.Compilation;

/// <summary>The version's state, as far as the gateway has to know it: it holds for whatever revision is deployed.</summary>
/// <param name="DeprecationLink">The successor or the migration guide; empty if there is none.</param>
internal sealed record VersionStanding(
    Availability Availability,
    DateTimeOffset? DeprecatedAt = null,
    DateTimeOffset? SunsetAt = null,
    string DeprecationLink = ""
)
{
    /// <summary>Served, without an end in sight.</summary>
    public static VersionStanding Served { get; } = new(Availability.Served);
}

/// <summary>Makes of a revision what the gateway serves.</summary>
internal static class RevisionCompiler
{
    public static CompiledResource Compile(RevisionContent content, VersionStanding standing) =>
        throw new NotSupportedException();
}
