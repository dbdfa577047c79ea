using ApiSvc.Analytics.Alerts.Deliveries;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Alerts.Channels;

/// <summary>Channels over REST.</summary>
internal static class ChannelsApi
{
    public static void MapChannels(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/alert-channels", ListAsync).RequirePermission("alerts.read", team);
        routes
            .MapPost("/alert-channels", CreateAsync)
            .RequirePermission("alerts.write", team)
            .WithIdempotency();
        routes
            .MapGet("/alert-channels/{channelId}", GetAsync)
            .RequirePermission("alerts.read", team);
        routes
            .MapPut("/alert-channels/{channelId}", ReplaceAsync)
            .RequirePermission("alerts.write", team);
        routes
            .MapDelete("/alert-channels/{channelId}", DeleteAsync)
            .RequirePermission("alerts.write", team);
        routes
            .MapPost("/alert-channels/{channelId}/rotate-secret", RotateAsync)
            .RequirePermission("alerts.write", team)
            .WithIdempotency();
        routes
            .MapPost("/alert-channels/{channelId}/test", TestAsync)
            .RequirePermission("alerts.write", team)
            .WithIdempotency();
    }

    private static async Task<Page<ChannelDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        ChannelRegistry channels
    ) =>
        page.ToPage(
            await channels.ListAsync(teamId.Value, page),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Tagged<ChannelWithSecretDocument>, ApiProblem>> CreateAsync(
        Id<TeamKind> teamId,
        Body<ChannelInput> body,
        Actor actor,
        ChannelRegistry channels
    ) =>
        (await channels.CreateAsync(teamId.Value, body.Value, InputPlace.Body, actor)).To(made =>
            TaggedResults.Created(
                $"/v1/teams/{teamId}/alert-channels/{made.Channel.PublicId}",
                new ChannelWithSecretDocument(made.Channel.ToDocument(), made.Secret),
                made.Channel.Version
            )
        );

    private static async Task<Results<Tagged<ChannelDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<ChannelKind> channelId,
        ChannelRegistry channels
    ) =>
        (await channels.FindAsync(teamId.Value, channelId.Value)).To(row =>
            TaggedResults.Ok(row.ToDocument(), row.Version)
        );

    private static async Task<Results<Tagged<ChannelDocument>, ApiProblem>> ReplaceAsync(
        Id<TeamKind> teamId,
        Id<ChannelKind> channelId,
        IfMatch ifMatch,
        Body<ChannelInput> body,
        Actor actor,
        ChannelRegistry channels
    ) =>
        (
            await channels.UpdateAsync(
                teamId.Value,
                channelId.Value,
                body.Value,
                InputPlace.Body,
                ifMatch.Check,
                actor
            )
        ).To(row => TaggedResults.Ok(row.ToDocument(), row.Version));

    private static async Task<Results<NoContent, ApiProblem>> DeleteAsync(
        Id<TeamKind> teamId,
        Id<ChannelKind> channelId,
        IfMatch ifMatch,
        Actor actor,
        ChannelRegistry channels
    ) =>
        await channels.DeleteAsync(teamId.Value, channelId.Value, ifMatch.Check, actor)
            is { } problem
            ? problem
            : TypedResults.NoContent();

    private static async Task<Results<Ok<ChannelWithSecretDocument>, ApiProblem>> RotateAsync(
        Id<TeamKind> teamId,
        Id<ChannelKind> channelId,
        Actor actor,
        ChannelRegistry channels
    ) =>
        (await channels.RotateAsync(teamId.Value, channelId.Value, actor)).To(made =>
            TypedResults.Ok(new ChannelWithSecretDocument(made.Channel.ToDocument(), made.Secret))
        );

    private static async Task<Results<Accepted<DeliveryDocument>, ApiProblem>> TestAsync(
        Id<TeamKind> teamId,
        Id<ChannelKind> channelId,
        Actor actor,
        ChannelTests tests
    ) =>
        (await tests.SendAsync(teamId.Value, channelId.Value, actor)).To(row =>
            TypedResults.Accepted(
                $"/v1/teams/{teamId}/alert-deliveries/{row.PublicId}",
                row.ToDocument()
            )
        );
}
