using ApiSvc.Catalog.Apis;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Versions;

/// <summary>Versions and their states over REST.</summary>
internal static class VersionsApi
{
    public static void MapVersions(this RouteGroupBuilder routes)
    {
        routes.MapGet("/apis/{apiId}/versions", ListAsync).RequirePermission("apis.read", Team.Any);
        routes
            .MapPost("/apis/{apiId}/versions", CreateAsync)
            .RequirePermission("apis.write", Team.Of<ApiOwners>("apiId"))
            .WithIdempotency();
        routes.MapGet("/versions/{versionId}", GetAsync).RequirePermission("apis.read", Team.Any);
        routes
            .MapPut("/versions/{versionId}", ReplaceAsync)
            .RequirePermission("apis.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapDelete("/versions/{versionId}", DeleteAsync)
            .RequirePermission("apis.write", Team.Of<VersionOwners>("versionId"));
        routes
            .MapPost("/versions/{versionId}/transitions", MoveAsync)
            .RequirePermission("versions.transition", Team.Of<VersionOwners>("versionId"));
    }

    private static async Task<Results<Ok<Page<VersionDocument>>, ApiProblem>> ListAsync(
        Id<ApiKind> apiId,
        PageRequest<Guid> page,
        Caller caller,
        VersionRegistry versions
    ) =>
        (await versions.ListAsync(apiId.Value, caller, page)).To(rows =>
            TypedResults.Ok(page.ToPage(rows, row => row.Id, row => row.ToDocument()))
        );

    private static async Task<Results<Tagged<VersionDocument>, ApiProblem>> CreateAsync(
        Id<ApiKind> apiId,
        Body<VersionInput> body,
        Actor actor,
        VersionRegistry versions,
        CancellationToken cancellationToken
    ) =>
        (await versions.CreateAsync(apiId.Value, body.Value, actor, cancellationToken)).To(row =>
            TaggedResults.Created($"/v1/versions/{row.PublicId}", row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<VersionDocument>, ApiProblem>> GetAsync(
        Id<VersionKind> versionId,
        Caller caller,
        VersionRegistry versions
    ) =>
        (await versions.FindAsync(versionId.Value, caller)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<VersionDocument>, ApiProblem>> ReplaceAsync(
        Id<VersionKind> versionId,
        IfMatch ifMatch,
        Body<VersionSettings> body,
        Actor actor,
        VersionRegistry versions
    ) =>
        (await versions.UpdateAsync(versionId.Value, body.Value, ifMatch.Check, actor)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<VersionKind> versionId,
        IfMatch ifMatch,
        Actor actor,
        VersionRegistry versions
    ) =>
        await versions.DeleteAsync(versionId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    private static async Task<Results<Ok<VersionDocument>, ApiProblem>> MoveAsync(
        Id<VersionKind> versionId,
        IfMatch ifMatch,
        Body<TransitionInput> body,
        Actor actor,
        VersionLifecycle lifecycle,
        HttpResponse response
    ) =>
        (await lifecycle.MoveAsync(versionId.Value, body.Value, ifMatch.Check, actor)).To(row =>
        {
            response.Headers.ETag = EntityTag.From(row.Version).ToString();
            return TypedResults.Ok(row.ToDocument());
        });
}
