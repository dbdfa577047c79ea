using ApiSvc.Catalog.Apis;
using ApiSvc.Catalog.Bindings;
using ApiSvc.Catalog.Compilation;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Policies;
using ApiSvc.Catalog.PolicyLevels;
using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Deployments;

/// <summary>Takes together what a version is now, for a revision.</summary>
internal static class RevisionBuilder
{
    public static async Task<Outcome<RevisionContent>> BuildAsync(
        NpgsqlConnection db,
        ApiRow api,
        VersionRow version,
        string environment,
        uint number
    )
    {
        var bindings = (
            await db.QueryAsync<BindingRow>(
                "select * from binding where version_id = @Id and environment = @environment",
                new { version.Id, environment }
            )
        ).ToDictionary(b => b.Upstream);
        if (FindUnbound(version, bindings, environment) is { } unbound)
        {
            return unbound;
        }

        var levels = await PolicyLevelBook.OfVersionAsync(db, api.TeamId, version.Id);
        var operations = await db.QueryAsync<OperationPart>(
            """
            select id, operation_id, method, path_template, required_scopes from operation
            where version_id = @Id and routable order by position
            """,
            new { version.Id }
        );
        var hash = await db.ExecuteScalarAsync<byte[]?>(
            "select hash from specification where version_id = @Id",
            new { version.Id }
        );
        return new RevisionContent
        {
            ApiId = api.Id,
            VersionId = version.Id,
            TeamId = api.TeamId,
            Revision = number,
            ApiSlug = api.Slug,
            Version = version.Name,
            SpecificationHash = hash is null ? "" : Convert.ToHexStringLower(hash),
            Host = version.Host,
            BasePath = version.BasePath,
            Selector = version.SelectorValue is { } s
                ? new(s.Source, s.Name, s.Value, s.IsDefault)
                : null,
            OnlyOperations = version.OnlyOperations,
            Operations = OperationsOf(operations, levels),
            Upstreams = UpstreamsOf(version, bindings),
            PlatformPolicies = levels.Of(PolicyLevel.Platform, Guid.Empty),
            TeamPolicies = levels.Of(PolicyLevel.Team, api.TeamId),
            VersionPolicies = levels.Of(PolicyLevel.Version, version.Id),
            PlanIds = version.PlanIds,
        };
    }

    private static ApiProblem? FindUnbound(
        VersionRow version,
        Dictionary<string, BindingRow> bindings,
        string environment
    )
    {
        var unbound = version
            .UpstreamList.Where(u => !bindings.ContainsKey(u.Name))
            .Select(u => new Violation(
                $"upstream:{u.Name}",
                "not_bound",
                $"In {environment} the upstream '{u.Name}' has no addresses: bind it first."
            ))
            .ToList();
        return unbound.Count == 0
            ? null
            : Problems.NotNow(
                "not-deployable",
                $"Not all upstreams are bound in {environment}.",
                unbound
            );
    }

    private static IReadOnlyList<RevisionOperation> OperationsOf(
        IEnumerable<OperationPart> operations,
        PolicyLevelSet levels
    ) =>
        [
            .. operations.Select(o => new RevisionOperation(
                o.Id,
                o.OperationId,
                o.Method,
                o.PathTemplate,
                o.RequiredScopes,
                levels.Of(PolicyLevel.Operation, o.Id)
            )),
        ];

    private static IReadOnlyList<RevisionUpstream> UpstreamsOf(
        VersionRow version,
        Dictionary<string, BindingRow> bindings
    ) =>
        [
            .. version.UpstreamList.Select(u => new RevisionUpstream(
                u.Name,
                [
                    .. bindings[u.Name]
                        .AddressList.Select(a => new RevisionAddress(a.Url, (uint)a.Weight)),
                ],
                ConnectTimeoutMilliseconds: (uint)u.ConnectTimeoutMilliseconds,
                TotalTimeoutMilliseconds: (uint)u.TotalTimeoutMilliseconds
            )),
        ];

    private sealed record OperationPart
    {
        public Guid Id { get; init; }

        public string OperationId { get; init; } = "";

        public string Method { get; init; } = "";

        public string PathTemplate { get; init; } = "";

        public string[] RequiredScopes { get; init; } = [];
    }
}
