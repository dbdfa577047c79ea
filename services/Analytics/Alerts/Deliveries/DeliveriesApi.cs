using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Microsoft.AspNetCore.Http.HttpResults;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>Deliveries over REST.</summary>
internal static class DeliveriesApi
{
    public static void MapDeliveries(this RouteGroupBuilder routes, Team team)
    {
        routes.MapGet("/alert-deliveries", ListAsync).RequirePermission("alerts.read", team);
        routes
            .MapGet("/alert-deliveries/{deliveryId}", GetAsync)
            .RequirePermission("alerts.read", team);
    }

    private static async Task<Page<DeliveryDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        Query<DeliveryFilterInput> filter,
        DeliveryList deliveries
    ) =>
        page.ToPage(
            await deliveries.ListAsync(
                teamId.Value,
                filter.Value.ChannelId?.Value,
                filter.Value.Status,
                page
            ),
            row => row.Id,
            row => row.ToDocument()
        );

    private static async Task<Results<Ok<DeliveryDocument>, ApiProblem>> GetAsync(
        Id<TeamKind> teamId,
        Id<NotificationKind> deliveryId,
        DeliveryList deliveries
    ) =>
        (await deliveries.FindAsync(teamId.Value, deliveryId.Value)).To(row =>
            TypedResults.Ok(row.ToDocument())
        );

    internal sealed record DeliveryFilterInput
    {
        public Id<ChannelKind>? ChannelId { get; init; }

        public DeliveryStatus? Status { get; init; }
    }
}
