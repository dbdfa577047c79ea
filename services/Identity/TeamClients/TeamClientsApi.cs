using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Identity.TeamClients;

/// <summary>The OAuth clients of teams over REST. A client is as a member: who may add members may make one.</summary>
internal static class TeamClientsApi
{
    public static void MapTeamClients(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/v1/teams/{teamId}/clients", ListAsync)
            .RequirePermission("members.read", Team.FromRoute("teamId"));
        routes
            .MapPost("/v1/teams/{teamId}/clients", CreateAsync)
            .RequirePermission("members.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        routes
            .MapPost("/v1/team-clients/{clientId}/revoke", RevokeAsync)
            .RequirePermission("members.write", Team.Of<TeamClientStore>("clientId"));
    }

    private static async Task<Page<TeamClientDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        TeamClientStore clients
    ) => page.ToPage(await clients.ListAsync(teamId.Value, page), c => c.Id, c => c.ToDocument());

    private static async Task<Results<Created<NewTeamClientDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<TeamClientInput> body,
        Actor actor,
        TeamClientStore clients
    ) =>
        (await clients.CreateAsync(teamId.Value, body.Value, actor)).To(made =>
            TypedResults.Created(
                $"/v1/team-clients/{made.Client.ClientId}",
                new NewTeamClientDocument(made.Client.ToDocument(), made.Secret)
            )
        );

    private static async Task<Results<Ok<TeamClientDocument>, ApiProblem>> RevokeAsync(
        Id<OAuthClientKind> clientId,
        Actor actor,
        TeamClientStore clients
    ) =>
        (await clients.RevokeAsync(clientId.Value, actor)).To(client =>
            TypedResults.Ok(client.ToDocument())
        );
}
