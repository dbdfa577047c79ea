using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Apis;

/// <summary>APIs over REST.</summary>
internal static class ApisApi
{
    public static void MapApis(this RouteGroupBuilder routes)
    {
        routes.MapGet("/apis", ListAsync).RequirePermission("apis.read", Team.Any);
        routes
            .MapPost("/teams/{teamId}/apis", CreateAsync)
            .RequirePermission("apis.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        routes.MapGet("/apis/{apiId}", GetAsync).RequirePermission("apis.read", Team.Any);
        routes
            .MapPut("/apis/{apiId}", ReplaceAsync)
            .RequirePermission("apis.write", Team.Of<ApiOwners>("apiId"));
        routes
            .MapDelete("/apis/{apiId}", DeleteAsync)
            .RequirePermission("apis.write", Team.Of<ApiOwners>("apiId"));
    }

    private static async Task<Page<ApiDocument>> ListAsync(
        PageRequest<(string Name, Guid Id)> page,
        Query<ListFilter> filter,
        Caller caller,
        ApiRegistry apis
    )
    {
        var rows = await apis.ListAsync(
            caller,
            page,
            new(filter.Value.TeamId?.Value, filter.Value.Search)
        );
        return page.ToPage(rows, row => (row.Name, row.Id), row => row.ToDocument());
    }

    private static async Task<Results<Tagged<ApiDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<ApiInput> body,
        Actor actor,
        ApiRegistry apis
    ) =>
        (await apis.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created($"/v1/apis/{row.PublicId}", row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ApiDocument>, ApiProblem>> GetAsync(
        Id<ApiKind> apiId,
        Caller caller,
        ApiRegistry apis
    ) =>
        (await apis.FindAsync(apiId.Value, caller)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ApiDocument>, ApiProblem>> ReplaceAsync(
        Id<ApiKind> apiId,
        IfMatch ifMatch,
        Body<ApiInput> body,
        Actor actor,
        ApiRegistry apis
    ) =>
        (await apis.UpdateAsync(apiId.Value, body.Value, ifMatch.Check, actor)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<ApiKind> apiId,
        IfMatch ifMatch,
        Actor actor,
        ApiRegistry apis
    ) =>
        await apis.DeleteAsync(apiId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    internal sealed record ListFilter
    {
        public Id<TeamKind>? TeamId { get; init; }

        public string? Search { get; init; }
    }
}
