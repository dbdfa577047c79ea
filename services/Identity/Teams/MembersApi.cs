using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Audit;
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
    ) =>
        (await members.ListAsync(teamId.Value, page)).To(rows =>
            TypedResults.Ok(page.ToPage(rows, m => m.UserId, m => m.ToDocument()))
        );

    private static async Task<Results<Ok<MemberDocument>, ApiProblem>> SetAsync(
        Id<TeamKind> teamId,
        Id<UserKind> userId,
        Body<MemberInput> body,
        Actor actor,
        MemberStore members
    ) =>
        (await members.SetAsync(teamId.Value, userId.Value, body.Value, actor)).To(member =>
            TypedResults.Ok(member.ToDocument())
        );

    private static async Task<Results<NoContent, ApiProblem>> RemoveAsync(
        Id<TeamKind> teamId,
        Id<UserKind> userId,
        Actor actor,
        MemberStore members
    ) =>
        await members.RemoveAsync(teamId.Value, userId.Value, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
