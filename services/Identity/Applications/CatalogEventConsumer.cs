using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Events;
using Confluent.Kafka;

namespace ApiSvc.Identity.Applications;

/// <summary>Learns from the catalog which applications there are no more.</summary>
internal sealed class CatalogEventConsumer(
    IConsumer<byte[]?, byte[]> consumer,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<CatalogEventConsumer> logger
) : EventConsumer("apisvc.catalog", consumer, scopes, ready, time, logger)
{
    public const string Group = "identity";

    protected override bool Takes(string? type) => type == ApplicationChanged.Descriptor.FullName;

    protected override Task TakeAsync(
        ConsumedEvent consumed,
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<ApplicationEvents>()
            .TakeAsync(ApplicationChanged.Parser.ParseFrom(consumed.Data.Span), cancellationToken);
}
