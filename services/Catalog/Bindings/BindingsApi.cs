using ApiSvc.Catalog.Versions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Bindings;

/// <summary>Bindings over REST.</summary>
internal static class BindingsApi
{
    private const string Place =
        "/versions/{versionId}/environments/{environment}/bindings/{upstream}";

    public static void MapBindings(this RouteGroupBuilder routes)
    {
        routes
            .MapGet(Place, GetAsync)
            .RequirePermission("deployments.read", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPut(Place, SetAsync)
            .RequirePermission("deployments.write", Team.Of<VersionOwners>("versionId"));
    }

    private static async Task<Results<Tagged<BindingDocument>, ApiProblem>> GetAsync(
        Id<VersionKind> versionId,
        string environment,
        string upstream,
        BindingRegistry bindings
    ) =>
        (await bindings.FindAsync(versionId.Value, environment, upstream)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    // "If-Match: *" for the first time: nothing is there that could be overwritten unseen.
    private static async Task<Results<Tagged<BindingDocument>, ApiProblem>> SetAsync(
        Id<VersionKind> versionId,
        string environment,
        string upstream,
        IfMatch ifMatch,
        Body<BindingInput> body,
        Actor actor,
        BindingRegistry bindings
    ) =>
        (
            await bindings.SetAsync(
                versionId.Value,
                environment,
                upstream,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));
}
