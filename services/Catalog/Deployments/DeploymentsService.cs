using ApiSvc.Catalog.Bindings;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Versions;
using ApiSvc.Contracts.Catalog.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Sync;
using Grpc.Core;

namespace ApiSvc.Catalog.Deployments;

/// <summary>Environments, bindings and deployments over gRPC.</summary>
internal sealed class DeploymentsService(
    DeploymentCalls calls,
    DeploymentLists lists,
    BindingRegistry bindings,
    NodeRegistry nodes
) : Contracts.Catalog.V1.Deployments.DeploymentsBase
{
    [RequirePermission("deployments.read", Team = TeamSource.Any)]
    public override async Task<ListEnvironmentsResponse> ListEnvironments(
        ListEnvironmentsRequest request,
        ServerCallContext context
    ) =>
        new()
        {
            Environments =
            {
                (await lists.EnvironmentsAsync()).Select(e => new DeploymentEnvironment
                {
                    Name = e.Name,
                    GatewayGroup = e.GatewayGroup,
                    Generation = e.Generation,
                }),
            },
        };

    [RequirePermission(
        "deployments.read",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override async Task<Binding> GetBinding(
        GetBindingRequest request,
        ServerCallContext context
    ) =>
        (
            await bindings.FindAsync(
                MessageIds.Read<VersionKind>(request.VersionId, "#/version_id").Value,
                request.Environment,
                request.Upstream
            )
        )
            .OrThrow()
            .ToMessage();

    [RequirePermission(
        "deployments.write",
        Team = TeamSource.Owner,
        Field = "binding.version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override async Task<Binding> SetBinding(
        SetBindingRequest request,
        ServerCallContext context
    )
    {
        var binding = request.Binding;
        var input = MessageRules.Check(binding.ToInput(), "binding");
        // A binding that nobody has set has no etag yet.
        Precondition precondition = version =>
            version == 0 && binding.Etag.Length == 0
                ? null
                : Problems.Etag(binding.Etag, "#/binding/etag")(version);
        return (
            await bindings.SetAsync(
                MessageIds.Read<VersionKind>(binding.VersionId, "#/binding/version_id").Value,
                binding.Environment,
                binding.Upstream,
                input,
                precondition,
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();
    }

    [RequirePermission(
        "deployments.write",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override Task<DeployResponse> Deploy(DeployRequest request, ServerCallContext context) =>
        calls.DeployAsync(context.GetHttpContext(), request, request.IdempotencyKey);

    [RequirePermission(
        "deployments.write",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override Task<DeployResponse> RollBack(
        RollBackRequest request,
        ServerCallContext context
    ) => calls.RollBackAsync(context.GetHttpContext(), request);

    [RequirePermission(
        "deployments.write",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override Task<DeployResponse> Undeploy(
        UndeployRequest request,
        ServerCallContext context
    ) => calls.UndeployAsync(context.GetHttpContext(), request);

    [RequirePermission(
        "deployments.read",
        Team = TeamSource.Owner,
        Field = "version_id",
        Lookup = typeof(VersionOwners)
    )]
    public override async Task<ListRevisionsResponse> ListRevisions(
        ListRevisionsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<long>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.VersionId,
            request.Environment
        );
        var rows = await lists.RevisionsAsync(
            MessageIds.Read<VersionKind>(request.VersionId, "#/version_id").Value,
            request.Environment,
            page
        );
        var shown = page.ToPage(rows, row => row.Number, row => row.ToMessage());
        return new() { Revisions = { shown.Items }, NextCursor = shown.NextCursor ?? "" };
    }

    [RequirePermission("nodes.read", Team = TeamSource.Platform)]
    public override async Task<ListNodesResponse> ListNodes(
        ListNodesRequest request,
        ServerCallContext context
    )
    {
        var group =
            await lists.GroupAsync(request.Environment)
            ?? throw new ApiProblemException(ApiProblem.NotFound);
        var found = await nodes.ListAsync(group, context.CancellationToken);
        return new() { Nodes = { found.Select(n => n.ToMessage()) } };
    }
}
