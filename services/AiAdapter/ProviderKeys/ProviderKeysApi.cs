using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.ProviderKeys;

/// <summary>Keys of connections over REST.</summary>
internal static class ProviderKeysApi
{
    private const string Keys = "/connections/{connectionId}/keys";
    private const string Key = Keys + "/{keyId}";

    public static void MapProviderKeys(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet(Keys, ListAsync).RequirePermission("ai.read", team);
        routes.MapPost(Keys, CreateAsync).RequirePermission("ai.write", team).WithIdempotency();
        routes.MapGet(Key, GetAsync).RequirePermission("ai.read", team);
        routes.MapPut(Key, ReplaceAsync).RequirePermission("ai.write", team);
        routes.MapPost($"{Key}/rotate", RotateAsync).RequirePermission("ai.write", team);
        routes.MapDelete(Key, DeleteAsync).RequirePermission("ai.write", team);
    }

    private static async Task<Results<Ok<Page<ProviderKeyDocument>>, ApiProblem>> ListAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        PageRequest<Guid> page,
        ProviderKeyRegistry keys
    ) =>
        (await keys.ListAsync(teamId.Value, connectionId.Value, page)).To(rows =>
            TypedResults.Ok(page.ToPage(rows, row => row.Id, row => row.ToDocument()))
        );

    private static async Task<Results<Tagged<ProviderKeyDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Body<NewProviderKeyInput> body,
        Actor actor,
        ProviderKeyRegistry keys
    ) =>
        (await keys.CreateAsync(teamId.Value, connectionId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/connections/{connectionId}/keys/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<ProviderKeyDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Id<ProviderKeyKind> keyId,
        ProviderKeyRegistry keys
    ) =>
        (await keys.FindAsync(teamId.Value, connectionId.Value, keyId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ProviderKeyDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Id<ProviderKeyKind> keyId,
        IfMatch ifMatch,
        Body<ProviderKeyInput> body,
        Actor actor,
        ProviderKeyRegistry keys
    ) =>
        (
            await keys.UpdateAsync(
                teamId.Value,
                connectionId.Value,
                keyId.Value,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<Tagged<ProviderKeyDocument>, ApiProblem>> RotateAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Id<ProviderKeyKind> keyId,
        IfMatch ifMatch,
        Body<ProviderSecret> body,
        Actor actor,
        ProviderKeyRegistry keys
    ) =>
        (
            await keys.RotateAsync(
                teamId.Value,
                connectionId.Value,
                keyId.Value,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Id<ProviderKeyKind> keyId,
        IfMatch ifMatch,
        Actor actor,
        ProviderKeyRegistry keys
    ) =>
        await keys.DeleteAsync(teamId.Value, connectionId.Value, keyId.Value, ifMatch.Check, actor)
            is { } problem
            ? problem
            : TypedResults.NoContent();
}
