using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>Connections over REST.</summary>
internal static class ConnectionsApi
{
    public static void MapConnections(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/connections", ListAsync).RequirePermission("ai.read", team);
        routes
            .MapPost("/connections", CreateAsync)
            .RequirePermission("ai.write", team)
            .WithIdempotency();
        routes.MapGet("/connections/{connectionId}", GetAsync).RequirePermission("ai.read", team);
        routes
            .MapPut("/connections/{connectionId}", ReplaceAsync)
            .RequirePermission("ai.write", team);
        routes
            .MapDelete("/connections/{connectionId}", DeleteAsync)
            .RequirePermission("ai.write", team);
    }

    private static async Task<Page<ConnectionDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        ConnectionRegistry connections
    ) =>
        page.ToPage(
            await connections.ListAsync(teamId.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<ConnectionDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<ConnectionInput> body,
        Actor actor,
        ConnectionRegistry connections
    ) =>
        (await connections.CreateAsync(teamId.Value, body.Value, actor)).To(row =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/connections/{row.PublicId}",
                row.ToDocument(),
                row.Version
            )
        );

    private static async Task<Results<Tagged<ConnectionDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        ConnectionRegistry connections
    ) =>
        (await connections.FindAsync(teamId.Value, connectionId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ConnectionDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        IfMatch ifMatch,
        Body<ConnectionInput> body,
        Actor actor,
        ConnectionRegistry connections
    ) =>
        (
            await connections.UpdateAsync(
                teamId.Value,
                connectionId.Value,
                body.Value,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        IfMatch ifMatch,
        Actor actor,
        ConnectionRegistry connections
    ) =>
        await connections.DeleteAsync(teamId.Value, connectionId.Value, ifMatch.Check, actor)
            is { } problem
            ? problem
            : TypedResults.NoContent();
}
