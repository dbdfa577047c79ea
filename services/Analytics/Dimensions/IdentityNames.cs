using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Events;
using Confluent.Kafka;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>Learns names from Identity's events.</summary>
internal sealed class IdentityNames(
    [FromKeyedServices(IdentityNames.Topic)] IConsumer<byte[]?, byte[]> consumer,
    NameStore names,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<IdentityNames> logger
) : EventConsumer(Topic, consumer, scopes, ready, time, logger)
{
    public const string Topic = "apisvc.identity";

    protected override bool Takes(string? type) => type == TeamChanged.Descriptor.FullName;

    protected override Task TakeAsync(
        ConsumedEvent consumed,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        var told = TeamChanged.Parser.ParseFrom(consumed.Data.Span);
        return names.SaveAsync([Naming.Of(told.Team ?? new(), told.Deleted)], cancellationToken);
    }
}
