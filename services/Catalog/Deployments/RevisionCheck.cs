using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Policies;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Catalog.Deployments;

/// <summary>What contradicts itself in a revision. A gateway would set it aside; who deploys is told instead.</summary>
internal static class RevisionCheck
{
    public static IReadOnlyList<Violation> Find(RevisionContent content)
    {
        var violations = Check("version", content, []).ToList();
        foreach (var operation in content.Operations.Where(o => o.Policies.Count > 0))
        {
            violations.AddRange(
                Check(
                    $"operation:{operation.Method} {operation.PathTemplate}",
                    content,
                    operation.Policies
                )
            );
        }

        return violations;
    }

    private static IEnumerable<Violation> Check(
        string place,
        RevisionContent content,
        IReadOnlyList<PolicyEntry> ofOperation
    )
    {
        var effective = EffectivePolicies.Of(
            content.PlatformPolicies,
            content.TeamPolicies,
            content.VersionPolicies,
            ofOperation
        );
        foreach (var policy in effective)
        {
            var violation = PolicySettings.ToMessage(policy.Policy) switch
            {
                AuthenticationSettings authentication when content.PlanIds.Count > 0 =>
                    CheckAnonymous(place, authentication),
                UpstreamSettings upstream => CheckUpstream(place, upstream.Name, content),
                _ => null,
            };
            if (violation is not null)
            {
                yield return violation;
            }
        }
    }

    private static Violation? CheckAnonymous(string place, AuthenticationSettings settings) =>
        settings.Methods.Any(m => m.MethodCase == AuthenticationMethod.MethodOneofCase.Anonymous)
            ? new(
                place,
                "anonymous_with_plans",
                "What is offered in plans is called under a subscription, and nobody's subscription lets anonymous calls in. Take the method 'anonymous' away, or the plans."
            )
            : null;

    private static Violation? CheckUpstream(string place, string name, RevisionContent content) =>
        content.Upstreams.Any(u => u.Name == name)
            ? null
            : new(
                place,
                "unknown_upstream",
                $"The version has no upstream '{name}'; it has: {string.Join(", ", content.Upstreams.Select(u => u.Name))}."
            );
}
