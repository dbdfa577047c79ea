namespace ApiSvc.Catalog.Compilation;

/// <summary>An active subscription; what is not active is not compiled, but deleted from the log.</summary>
/// <param name="VersionIds">That it holds for; empty: all that the plan is offered in.</param>
internal sealed record SubscriptionContent(
    Guid SubscriptionId,
    Guid ApplicationId,
    Guid ApiId,
    Guid PlanId,
    IReadOnlyList<Guid> VersionIds,
    DateTimeOffset? ExpiresAt
);

/// <summary>Makes of a subscription what the gateway asks.</summary>
internal static class SubscriptionCompiler
{
    public static CompiledResource Compile(SubscriptionContent subscription) =>
        throw new NotSupportedException();
}
