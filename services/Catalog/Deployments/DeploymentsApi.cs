using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using ApiSvc.ServiceDefaults.Sync;
using Microsoft.AspNetCore.Http.HttpResults;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Deployments;

/// <summary>Environments, deployments and nodes over REST.</summary>
internal static class DeploymentsApi
{
    private const string Place = "/versions/{versionId}/environments/{environment}";

    public static void MapDeployments(this RouteGroupBuilder routes)
    {
        routes
            .MapGet("/environments", ListEnvironmentsAsync)
            .RequirePermission("deployments.read", Team.Any);
        routes
            .MapGet("/environments/{environment}/nodes", ListNodesAsync)
            .RequirePermission("nodes.read", Team.Platform);
        routes
            .MapGet(Place + "/revisions", ListRevisionsAsync)
            .RequirePermission("deployments.read", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPost(Place + "/deploy", DeployAsync)
            .RequirePermission("deployments.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPost(Place + "/rollback", RollBackAsync)
            .RequirePermission("deployments.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPost(Place + "/undeploy", UndeployAsync)
            .RequirePermission("deployments.write", Team.Of<VersionOwners>("versionId"));
    }

    private static async Task<EnvironmentList> ListEnvironmentsAsync(DeploymentLists lists) =>
        new(await lists.EnvironmentsAsync());

    private static async Task<Results<Ok<NodeList>, ApiProblem>> ListNodesAsync(
        string environment,
        DeploymentLists lists,
        NodeRegistry nodes,
        CancellationToken cancellationToken
    ) =>
        await lists.GroupAsync(environment) is { } group
            ? TypedResults.Ok(
                new NodeList([
                    .. (await nodes.ListAsync(group, cancellationToken)).Select(n =>
                        n.ToDocument()
                    ),
                ])
            )
            : ApiProblem.NotFound;

    private static async Task<Page<RevisionDocument>> ListRevisionsAsync(
        Id<VersionKind> versionId,
        string environment,
        PageRequest<long> page,
        DeploymentLists lists
    ) =>
        page.ToPage(
            await lists.RevisionsAsync(versionId.Value, environment, page),
            row => row.Number,
            row => row.ToDocument()
        );

    private static async Task<Ok<DeploymentDocument>> DeployAsync(
        Id<VersionKind> versionId,
        string environment,
        Query<WaitQuery> wait,
        Body<DeployInput> body,
        HttpContext http,
        DeploymentCalls calls
    ) =>
        DocumentOf(
            await calls.DeployAsync(
                http,
                new V1.DeployRequest
                {
                    VersionId = versionId.ToString(),
                    Environment = environment,
                    Comment = body.Value.Comment,
                    Wait = wait.Value.ToMessage(),
                },
                IdempotentCalls.KeyOf(http)
            )
        );

    private static async Task<Ok<DeploymentDocument>> RollBackAsync(
        Id<VersionKind> versionId,
        string environment,
        Query<WaitQuery> wait,
        Body<RollBackInput> body,
        HttpContext http,
        DeploymentCalls calls
    ) =>
        DocumentOf(
            await calls.RollBackAsync(
                http,
                new V1.RollBackRequest
                {
                    VersionId = versionId.ToString(),
                    Environment = environment,
                    ToRevision = (uint)body.Value.ToRevision,
                    Comment = body.Value.Comment,
                    Wait = wait.Value.ToMessage(),
                }
            )
        );

    private static async Task<Ok<DeploymentDocument>> UndeployAsync(
        Id<VersionKind> versionId,
        string environment,
        Query<WaitQuery> wait,
        Body<DeployInput> body,
        HttpContext http,
        DeploymentCalls calls
    ) =>
        DocumentOf(
            await calls.UndeployAsync(
                http,
                new V1.UndeployRequest
                {
                    VersionId = versionId.ToString(),
                    Environment = environment,
                    Comment = body.Value.Comment,
                    Wait = wait.Value.ToMessage(),
                }
            )
        );

    private static Ok<DeploymentDocument> DocumentOf(V1.DeployResponse answer)
    {
        var revision = answer.Revision;
        return TypedResults.Ok(
            new DeploymentDocument(
                new(
                    Id<RevisionKind>.Parse(revision.Id),
                    Id<VersionKind>.Parse(revision.VersionId),
                    revision.Environment,
                    revision.Number,
                    revision.Author,
                    revision.Comment,
                    revision.Current,
                    revision.CreatedAt.ToDateTimeOffset()
                ),
                answer.Generation,
                answer.WaitingForNodes
            )
        );
    }

    internal sealed record EnvironmentList(IReadOnlyList<EnvironmentDocument> Items);

    internal sealed record NodeList(IReadOnlyList<NodeDocument> Items);
}
