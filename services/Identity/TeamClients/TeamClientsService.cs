using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Changes;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using Grpc.Core;

namespace ApiSvc.Identity.TeamClients;

/// <summary>The OAuth clients of teams over gRPC.</summary>
internal sealed class TeamClientsService(TeamClientStore clients)
    : Contracts.Identity.V1.TeamClients.TeamClientsBase
{
    [RequirePermission("members.read", Team = TeamSource.Message, Field = "team_id")]
    public override async Task<ListTeamClientsResponse> ListTeamClients(
        ListTeamClientsRequest request,
        ServerCallContext context
    )
    {
        var page = PageRequest<Guid>.ForCall(
            context,
            request.Limit,
            request.Cursor,
            request.TeamId
        );
        var (items, next) = page.ToPage(
            await clients.ListAsync(TeamOf(request.TeamId), page),
            c => c.Id,
            c => c.ToMessage()
        );
        return new() { Clients = { items }, NextCursor = next ?? "" };
    }

    [RequirePermission("members.write", Team = TeamSource.Message, Field = "team_id")]
    public override Task<CreateTeamClientResponse> CreateTeamClient(
        CreateTeamClientRequest request,
        ServerCallContext context
    ) =>
        IdempotentCalls.OnceAsync(
            context,
            request.IdempotencyKey,
            request,
            async () =>
            {
                var input = MessageRules.Check(
                    new TeamClientInput { Name = request.Name, Roles = [.. request.Roles] }
                );
                var made = (
                    await clients.CreateAsync(TeamOf(request.TeamId), input, Actor.Of(context))
                ).OrThrow();
                return new CreateTeamClientResponse
                {
                    Client = made.Client.ToMessage(),
                    ClientSecret = made.Secret,
                };
            }
        );

    [RequirePermission(
        "members.write",
        Team = TeamSource.Owner,
        Field = "client_id",
        Lookup = typeof(TeamClientStore)
    )]
    public override async Task<TeamClient> RevokeTeamClient(
        RevokeTeamClientRequest request,
        ServerCallContext context
    ) =>
        (
            await clients.RevokeAsync(
                Id<OAuthClientKind>.Parse(request.ClientId).Value,
                Actor.Of(context)
            )
        )
            .OrThrow()
            .ToMessage();

    private static Guid TeamOf(string id) => Id<TeamKind>.Parse(id).Value;
}
