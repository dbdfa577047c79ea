using ApiSvc.Catalog.Policies;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;

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
    public static CompiledResource Compile(RevisionContent content, VersionStanding standing)
    {
        var api = new Api
        {
            ApiId = ResourceId.InMessage(content.ApiId),
            VersionId = ResourceId.InMessage(content.VersionId),
            TeamId = ResourceId.InMessage(content.TeamId),
            Revision = content.Revision,
            ApiSlug = content.ApiSlug,
            Version = content.Version,
            Host = content.Host,
            BasePath = content.BasePath,
            VersionSelector = content.Selector is { } selector ? Selector(selector) : null,
            Availability = standing.Availability,
            OnlyOperations = content.OnlyOperations,
            DeprecatedAt = Time(standing.DeprecatedAt),
            SunsetAt = Time(standing.SunsetAt),
            DeprecationLink = standing.DeprecationLink,
        };
        api.Operations.AddRange(content.Operations.Select(Operation));
        api.Upstreams.AddRange(content.Upstreams.Select(Upstream));
        api.PlanIds.AddRange(content.PlanIds.Order().Select(ResourceId.InMessage));
        api.Policies.AddRange(
            EffectivePolicies
                .Of(content.PlatformPolicies, content.TeamPolicies, content.VersionPolicies, [])
                .Select(Policy)
        );
        return new(
            ResourceKind.Api,
            ResourceId.OfVersion(content.VersionId),
            api,
            RequiredFeatures(api)
        );
    }

    private static Operation Operation(RevisionOperation operation) =>
        new()
        {
            Id = ResourceId.InMessage(operation.Id),
            OperationId = operation.OperationId,
            Method = operation.Method,
            PathTemplate = operation.PathTemplate,
            RequiredScopes = { operation.RequiredScopes },
            // What it replaces of the wider levels, the gateway knows by the type.
            Policies = { EffectivePolicies.Of([], [], [], operation.Policies).Select(Policy) },
        };

    private static Policy Policy(EffectivePolicy effective) =>
        new()
        {
            Type = effective.Policy.Type,
            Settings = PolicySettings.ToMessage(effective.Policy).ToByteString(),
            Level = effective.Level.ToWord(),
        };

    private static Upstream Upstream(RevisionUpstream upstream) =>
        new()
        {
            Name = upstream.Name,
            Addresses =
            {
                upstream.Addresses.Select(address => new UpstreamAddress
                {
                    Url = address.Url,
                    Weight = address.Weight,
                }),
            },
            LoadBalancing = upstream.LoadBalancing,
            ConnectTimeout = Milliseconds(upstream.ConnectTimeoutMilliseconds),
            TotalTimeout = Milliseconds(upstream.TotalTimeoutMilliseconds),
            CredentialId = upstream.CredentialId is { } id
                ? ResourceId.InMessage(id)
                : ByteString.Empty,
        };

    private static VersionSelector Selector(RevisionSelector selector) =>
        new()
        {
            Source = selector.Source switch
            {
                SelectorSource.Path => VersionSelector.Types.Source.Path,
                SelectorSource.Header => VersionSelector.Types.Source.Header,
                SelectorSource.Query => VersionSelector.Types.Source.Query,
                SelectorSource.MediaType => VersionSelector.Types.Source.MediaType,
                _ => throw new InvalidOperationException(
                    $"There is no selector by {selector.Source}."
                ),
            },
            Name = selector.Name,
            Value = selector.Value,
            IsDefault = selector.IsDefault,
        };

    // A node that lacks one sets the resource aside instead of serving it without the policy.
    private static List<string> RequiredFeatures(Api api)
    {
        var features = new SortedSet<string>(StringComparer.Ordinal);
        foreach (
            var policy in api.Policies.Concat(
                api.Operations.SelectMany(operation => operation.Policies)
            )
        )
        {
            features.Add("policy." + policy.Type);
        }

        if (api.VersionSelector is { } selector)
        {
            features.Add("selector." + Word(selector.Source));
        }

        return [.. features];
    }

    private static string Word(VersionSelector.Types.Source source) =>
        source switch
        {
            VersionSelector.Types.Source.Path => "path",
            VersionSelector.Types.Source.Header => "header",
            VersionSelector.Types.Source.Query => "query",
            _ => "media-type",
        };

    private static Duration? Milliseconds(uint milliseconds) =>
        milliseconds == 0 ? null : Duration.FromTimeSpan(TimeSpan.FromMilliseconds(milliseconds));

    private static Timestamp? Time(DateTimeOffset? time) =>
        time is { } at ? Timestamp.FromDateTimeOffset(at) : null;
}
