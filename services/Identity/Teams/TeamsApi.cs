using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Teams;

/// <summary>Teams over REST.</summary>
internal static class TeamsApi
{
    public static void MapTeams(this IEndpointRouteBuilder routes)
    {
        var teams = routes.MapGroup("/v1/teams");
        teams.MapGet("", ListAsync).RequirePermission("teams.read", Team.Any);
        teams
            .MapPost("", CreateAsync)
            .RequirePermission("teams.create", Team.Platform)
            .WithIdempotency();
        teams
            .MapGet("/{teamId}", GetAsync)
            .RequirePermission("teams.read", Team.FromRoute("teamId"));
        teams
            .MapPut("/{teamId}", UpdateAsync)
            .RequirePermission("teams.write", Team.FromRoute("teamId"));
        teams
            .MapDelete("/{teamId}", DeleteAsync)
            .RequirePermission("teams.write", Team.FromRoute("teamId"));
    }

    private static async Task<Page<TeamDocument>> ListAsync(
        PageRequest<Guid> page,
        Caller caller,
        TeamStore teams
    ) => page.ToPage(await teams.ListAsync(caller, page), t => t.Id, t => t.ToDocument());

    private static async Task<Results<Tagged<TeamDocument>, ApiProblem>> CreateAsync(
        Body<TeamInput> body,
        Actor actor,
        TeamStore teams
    ) =>
        (await teams.CreateAsync(body.Value, actor)).To(team =>
            TaggedResults.Created($"/v1/teams/{team.PublicId}", team.ToDocument(), team.Version)
        );

    private static async Task<Results<Tagged<TeamDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        TeamStore teams
    ) =>
        (await teams.GetAsync(teamId.Value)).To(team =>
            TaggedResults.Ok(team.ToDocument(), team.Version)
        );

    private static async Task<Results<Tagged<TeamDocument>, ApiProblem>> UpdateAsync(
        Id<TeamKind> teamId,
        IfMatch ifMatch,
        Body<TeamInput> body,
        Actor actor,
        TeamStore teams
    ) =>
        (await teams.UpdateAsync(teamId.Value, body.Value, ifMatch.Check, actor)).To(team =>
            TaggedResults.Ok(team.ToDocument(), team.Version)
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        IfMatch ifMatch,
        Actor actor,
        TeamStore teams
    ) =>
        await teams.DeleteAsync(teamId.Value, ifMatch.Check, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
