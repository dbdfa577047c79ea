using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Catalog.Applications;

/// <summary>Applications over REST.</summary>
internal static class ApplicationsApi
{
    public static void MapApplications(this RouteGroupBuilder routes)
    {
        routes.MapGet("/applications", ListAsync).RequirePermission("applications.read", Team.Any);
        routes
            .MapPost("/teams/{teamId}/applications", CreateAsync)
            .RequirePermission("applications.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        routes
            .MapGet("/applications/{applicationId}", GetAsync)
            .RequirePermission("applications.read", Team.Of<ApplicationOwners>("applicationId"));
        routes
            .MapPut("/applications/{applicationId}", ReplaceAsync)
            .RequirePermission("applications.write", Team.Of<ApplicationOwners>("applicationId"));
        routes
            .MapDelete("/applications/{applicationId}", DeleteAsync)
            .RequirePermission("applications.write", Team.Of<ApplicationOwners>("applicationId"));
    }

    private static async Task<Page<ApplicationDocument>> ListAsync(
        PageRequest<Guid> page,
        Query<ListFilter> filter,
        Caller caller,
        ApplicationRegistry applications
    ) =>
        page.ToPage(
            await applications.ListAsync(caller, filter.Value.TeamId?.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<ApplicationDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<ApplicationInput> body,
        Actor actor,
        ApplicationRegistry applications
    ) =>
        (await applications.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created($"/v1/applications/{row.PublicId}", row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ApplicationDocument>, ApiProblem>> GetAsync(
        Id<ApplicationKind> applicationId,
        ApplicationRegistry applications
    ) =>
        (await applications.FindAsync(applicationId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ApplicationDocument>, ApiProblem>> ReplaceAsync(
        Id<ApplicationKind> applicationId,
        IfMatch ifMatch,
        Body<ApplicationInput> body,
        Actor actor,
        ApplicationRegistry applications
    ) =>
        (await applications.UpdateAsync(applicationId.Value, body.Value, ifMatch.Check, actor)).To(
            row => TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<ApplicationKind> applicationId,
        IfMatch ifMatch,
        Actor actor,
        ApplicationRegistry applications
    ) =>
        await applications.DeleteAsync(applicationId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    internal sealed record ListFilter
    {
        public Id<TeamKind>? TeamId { get; init; }
    }
}
