using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.Invitations;

/// <summary>Invitations to teams over REST: who may make members may invite.</summary>
internal static class InvitationsApi
{
    public static void MapInvitations(this IEndpointRouteBuilder routes)
    {
        var invitations = routes.MapGroup("/v1/teams/{teamId}/invitations");
        invitations
            .MapGet("", ListAsync)
            .RequirePermission("members.read", Team.FromRoute("teamId"));
        invitations
            .MapPost("", CreateAsync)
            .RequirePermission("members.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        invitations
            .MapDelete("/{invitationId}", RevokeAsync)
            .RequirePermission("members.write", Team.FromRoute("teamId"));
    }

    private static async Task<Results<Ok<Page<InvitationDocument>>, ApiProblem>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        InvitationStore invitations
    ) =>
        (await invitations.ListAsync(teamId.Value, page)).To(rows =>
            TypedResults.Ok(page.ToPage(rows, i => i.Id, i => i.ToDocument()))
        );

    private static async Task<Results<Created<InvitationDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<InvitationInput> body,
        Actor actor,
        InvitationStore invitations,
        CancellationToken cancellationToken
    ) =>
        (await invitations.CreateAsync(teamId.Value, body.Value, actor, cancellationToken)).To(
            invitation =>
                TypedResults.Created(
                    $"/v1/teams/{teamId}/invitations/{invitation.PublicId}",
                    invitation.ToDocument()
                )
        );

    private static async Task<Results<NoContent, ApiProblem>> RevokeAsync(
        Id<TeamKind> teamId,
        Id<InvitationKind> invitationId,
        Actor actor,
        InvitationStore invitations
    ) =>
        await invitations.RevokeAsync(teamId.Value, invitationId.Value, actor) is { } problem
            ? problem
            : TypedResults.NoContent();
}
