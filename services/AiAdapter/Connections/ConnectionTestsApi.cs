using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>Trying connections, over REST. It costs a few tokens: reading rights are not enough.</summary>
internal static class ConnectionTestsApi
{
    public static void MapConnectionTests(this RouteGroupBuilder routes, Team team) =>
        routes
            .MapPost("/connections/{connectionId}/test", RunAsync)
            .RequirePermission("ai.write", team);

    private static async Task<Results<Ok<ConnectionTestDocument>, ApiProblem>> RunAsync(
        Id<TeamKind> teamId,
        Id<ConnectionKind> connectionId,
        Body<ConnectionTestInput> body,
        ConnectionTest test,
        CancellationToken cancellationToken
    ) =>
        (await test.RunAsync(teamId.Value, connectionId.Value, body.Value, cancellationToken)).To(
            TypedResults.Ok
        );
}
