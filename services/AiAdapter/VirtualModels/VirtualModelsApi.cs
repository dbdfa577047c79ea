using ApiSvc.AiAdapter.Configuration;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.VirtualModels;

/// <summary>Virtual models over REST.</summary>
internal static class VirtualModelsApi
{
    private const string Models = "/virtual-models";
    private const string Model = Models + "/{virtualModelId}";

    public static void MapVirtualModels(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet(Models, ListAsync).RequirePermission("ai.read", team);
        routes.MapPost(Models, CreateAsync).RequirePermission("ai.write", team).WithIdempotency();
        routes.MapGet(Model, GetAsync).RequirePermission("ai.read", team);
        routes.MapGet($"{Model}/state", GetStateAsync).RequirePermission("ai.read", team);
        routes.MapPut(Model, ReplaceAsync).RequirePermission("ai.write", team);
        routes.MapDelete(Model, DeleteAsync).RequirePermission("ai.write", team);
    }

    private static async Task<Page<VirtualModelDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        VirtualModelRegistry models
    ) =>
        page.ToPage(
            await models.ListAsync(teamId.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<VirtualModelDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<VirtualModelInput> body,
        Actor actor,
        VirtualModelRegistry models
    ) =>
        (await models.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/virtual-models/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<VirtualModelDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<VirtualModelKind> virtualModelId,
        VirtualModelRegistry models
    ) =>
        (await models.FindAsync(teamId.Value, virtualModelId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    // Of the process that answers: the others follow within moments.
    private static async Task<Results<Ok<ServedState>, ApiProblem>> GetStateAsync(
        Id<TeamKind> teamId,
        Id<VirtualModelKind> virtualModelId,
        VirtualModelRegistry models,
        IAiConfigurationSource configuration
    ) =>
        (await models.FindAsync(teamId.Value, virtualModelId.Value)).To(row =>
            TypedResults.Ok(configuration.Current.StateOf(row))
        );

    private static async Task<Results<Tagged<VirtualModelDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<VirtualModelKind> virtualModelId,
        IfMatch ifMatch,
        Body<VirtualModelInput> body,
        Actor actor,
        VirtualModelRegistry models
    ) =>
        (
            await models.UpdateAsync(
                teamId.Value,
                virtualModelId.Value,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<VirtualModelKind> virtualModelId,
        IfMatch ifMatch,
        Actor actor,
        VirtualModelRegistry models
    ) =>
        await models.DeleteAsync(teamId.Value, virtualModelId.Value, ifMatch.Check, actor)
            is { } problem
            ? problem
            : TypedResults.NoContent();
}
