using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.OwnModels;

/// <summary>Teams' own models over REST.</summary>
internal static class OwnModelsApi
{
    public static void MapOwnModels(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/models", ListAsync).RequirePermission("ai.read", team);
        routes
            .MapPost("/models", CreateAsync)
            .RequirePermission("ai.write", team)
            .WithIdempotency();
        routes.MapGet("/models/{modelId}", GetAsync).RequirePermission("ai.read", team);
        routes.MapPut("/models/{modelId}", ReplaceAsync).RequirePermission("ai.write", team);
        routes.MapDelete("/models/{modelId}", DeleteAsync).RequirePermission("ai.write", team);
    }

    private static async Task<Page<OwnModelDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        OwnModelRegistry models
    ) =>
        page.ToPage(
            await models.ListAsync(teamId.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<OwnModelDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<OwnModelInput> body,
        Actor actor,
        OwnModelRegistry models
    ) =>
        (await models.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/models/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<OwnModelDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<OwnModelKind> modelId,
        OwnModelRegistry models
    ) =>
        (await models.FindAsync(teamId.Value, modelId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<OwnModelDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<OwnModelKind> modelId,
        IfMatch ifMatch,
        Body<OwnModelInput> body,
        Actor actor,
        OwnModelRegistry models
    ) =>
        (
            await models.UpdateAsync(teamId.Value, modelId.Value, body.Value, ifMatch.Check, actor)
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<OwnModelKind> modelId,
        IfMatch ifMatch,
        Actor actor,
        OwnModelRegistry models
    ) =>
        await models.DeleteAsync(teamId.Value, modelId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
