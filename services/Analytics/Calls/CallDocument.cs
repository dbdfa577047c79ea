using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Calls;

/// <summary>A call, as it was recorded. Times in microseconds; what a call has not is left out.</summary>
internal sealed record CallDocument
{
    public required Id<CallKind> Id { get; init; }

    public required DateTimeOffset Start { get; init; }

    public Id<TeamKind>? ProviderTeamId { get; init; }

    public Id<ApiKind>? ApiId { get; init; }

    public Id<VersionKind>? VersionId { get; init; }

    public Id<OperationKind>? OperationId { get; init; }

    /// <summary>The specification's operationId.</summary>
    public string? Operation { get; init; }

    /// <summary>The path template.</summary>
    public string? OperationTemplate { get; init; }

    public string? Environment { get; init; }

    public Id<TeamKind>? ConsumerTeamId { get; init; }

    public Id<ApplicationKind>? ApplicationId { get; init; }

    public Id<SubscriptionKind>? SubscriptionId { get; init; }

    public Id<PlanKind>? PlanId { get; init; }

    public required string CredentialKind { get; init; }

    public string? CredentialPrefix { get; init; }

    public string? User { get; init; }

    public required string Protocol { get; init; }

    public string? Method { get; init; }

    public string? Host { get; init; }

    public required string Path { get; init; }

    public string? Query { get; init; }

    public string? UserAgent { get; init; }

    public string? ClientAddress { get; init; }

    /// <summary>0 where there was no answer.</summary>
    public required int Status { get; init; }

    public string? ProblemId { get; init; }

    /// <summary>The policy that refused it.</summary>
    public string? RefusedBy { get; init; }

    public required long LatencyUs { get; init; }

    public required long UpstreamUs { get; init; }

    public required long GatewayUs { get; init; }

    public required long BytesIn { get; init; }

    public required long BytesOut { get; init; }

    public required string CacheStatus { get; init; }

    public required int UpstreamTries { get; init; }

    public string? TraceId { get; init; }

    public required long ConfigGeneration { get; init; }

    /// <summary>Only for the provider, as the next two.</summary>
    public string? UpstreamAddress { get; init; }

    public string? Node { get; init; }

    public string? GatewayGroup { get; init; }
}
