using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.Aliases;

/// <summary>Aliases over REST.</summary>
internal static class AliasesApi
{
    public static void MapAliases(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/aliases", ListAsync).RequirePermission("ai.read", team);
        routes.MapGet("/aliases/{alias}", GetAsync).RequirePermission("ai.read", team);
        routes.MapPut("/aliases/{alias}", SetAsync).RequirePermission("ai.write", team);
        routes.MapDelete("/aliases/{alias}", DeleteAsync).RequirePermission("ai.write", team);
    }

    private static async Task<Page<AliasDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<(string, Guid)> page,
        AliasRegistry aliases
    ) =>
        page.ToPage(
            await aliases.ListAsync(teamId.Value, page),
            row => (row.Name, row.VirtualModelId),
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<AliasDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        string alias,
        AliasRegistry aliases
    ) =>
        (await aliases.FindAsync(teamId.Value, alias)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    // "If-Match: *" for the first time: nothing is there that could be overwritten unseen.
    private static async Task<Results<Tagged<AliasDocument>, ApiProblem>> SetAsync(
        Id<TeamKind> teamId,
        string alias,
        IfMatch ifMatch,
        Body<AliasInput> body,
        Actor actor,
        AliasRegistry aliases
    ) =>
        (await aliases.SetAsync(teamId.Value, alias, body.Value, ifMatch.Check, actor)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        string alias,
        IfMatch ifMatch,
        Actor actor,
        AliasRegistry aliases
    ) =>
        await aliases.DeleteAsync(teamId.Value, alias, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
