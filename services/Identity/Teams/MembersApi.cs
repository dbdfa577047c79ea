using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Teams;

/// <summary>The members of teams over REST.</summary>
internal static class MembersApi
{
    public static void MapMembers(this IEndpointRouteBuilder routes)
    {
        var members = routes.MapGroup("/v1/teams/{teamId}/members");
        members.MapGet("", ListAsync).RequirePermission("members.read", Team.FromRoute("teamId"));
        members
            .MapPut("/{userId}", SetAsync)
            .RequirePermission("members.write", Team.FromRoute("teamId"));
        members
            .MapDelete("/{userId}", RemoveAsync)
            .RequirePermission("members.write", Team.FromRoute("teamId"));
    }

    private static async Task<Results<Ok<Page<MemberDocument>>, ApiProblem>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        MemberStore members
    )
    {
        var (rows, problem) = await members.ListAsync(teamId.Value, page);
        return rows is null
            ? problem!
            : TypedResults.Ok(page.ToPage(rows, m => m.UserId, m => m.ToDocument()));
    }

    private static async Task<Results<Ok<MemberDocument>, ApiProblem>> SetAsync(
        Id<TeamKind> teamId,
        Id<UserKind> userId,
        Body<MemberInput> body,
        HttpContext http,
        MemberStore members
    )
    {
        var (member, problem) = await members.SetAsync(
            teamId.Value,
            userId.Value,
            body.Value,
            Actor.Of(http)
        );
        return member is null ? problem! : TypedResults.Ok(member.ToDocument());
    }

    private static async Task<Results<NoContent, ApiProblem>> RemoveAsync(
        Id<TeamKind> teamId,
        Id<UserKind> userId,
        HttpContext http,
        MemberStore members
    ) =>
        await members.RemoveAsync(teamId.Value, userId.Value, Actor.Of(http)) is { } problem
            ? problem
            : TypedResults.NoContent();
}
