using ApiSvc.Contracts.GatewayConfig.V1;

namespace ApiSvc.Gateway.State;

/// <summary>An active subscription.</summary>
internal sealed class SubscriptionState
{
    private readonly HashSet<Guid>? _versions;
    private readonly DateTimeOffset _expiresAt;

    public SubscriptionState(Subscription body)
    {
        Id = ResourceIds.Read(body.SubscriptionId, "/subscriptionId");
        ApplicationId = ResourceIds.Read(body.ApplicationId, "/applicationId");
        ApiId = ResourceIds.Read(body.ApiId, "/apiId");
        PlanId = ResourceIds.Read(body.PlanId, "/planId");
        _versions =
            body.VersionIds.Count == 0 ? null : ResourceIds.ReadAll(body.VersionIds, "/versionIds");
        _expiresAt = body.ExpiresAt?.ToDateTimeOffset() ?? DateTimeOffset.MaxValue;
    }

    public Guid Id { get; }

    public Guid ApplicationId { get; }

    public Guid ApiId { get; }

    public Guid PlanId { get; }

    public bool Covers(Guid version, DateTimeOffset now) =>
        now < _expiresAt && (_versions is null || _versions.Contains(version));
}

/// <summary>An application that exists.</summary>
internal sealed record ApplicationState(Guid Id, Guid TeamId, string Name)
{
    public static ApplicationState Of(Application body) =>
        new(
            ResourceIds.Read(body.ApplicationId, "/applicationId"),
            ResourceIds.Read(body.TeamId, "/teamId"),
            body.Name
        );
}
