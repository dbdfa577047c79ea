using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Alerts.Silences;

/// <summary>Silences over REST. They do not change, they end: an <c>ETag</c> would say nothing.</summary>
internal static class SilencesApi
{
    public static void MapSilences(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/alert-silences", ListAsync).RequirePermission("alerts.read", team);
        routes
            .MapPost("/alert-silences", CreateAsync)
            .RequirePermission("alerts.write", team)
            .WithIdempotency();
        routes
            .MapDelete("/alert-silences/{silenceId}", DeleteAsync)
            .RequirePermission("alerts.write", team);
    }

    private static async Task<Page<SilenceDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        Query<SilenceFilterInput> filter,
        SilenceRegistry silences
    ) =>
        page.ToPage(
            await silences.ListAsync(teamId.Value, filter.Value.Ended, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Created<SilenceDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<SilenceInput> body,
        Actor actor,
        SilenceRegistry silences
    ) =>
        (await silences.CreateAsync(teamId.Value, body.Value, InputPlace.Body, actor)).To(row =>
            TypedResults.Created(
                $"/v1/teams/{teamId}/alert-silences/{row.PublicId}",
                row.ToDocument()
            )
        );

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<SilenceKind> silenceId,
        Actor actor,
        SilenceRegistry silences
    ) =>
        await silences.DeleteAsync(teamId.Value, silenceId.Value, actor) is { } problem
            ? problem
            : TypedResults.NoContent();

    internal sealed record SilenceFilterInput
    {
        /// <summary>Also those that are over.</summary>
        public bool Ended { get; init; }
    }
}
