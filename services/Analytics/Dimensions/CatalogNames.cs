using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Events;
using Confluent.Kafka;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>Learns names from the catalog's events.</summary>
internal sealed class CatalogNames(
    [FromKeyedServices(CatalogNames.Topic)] IConsumer<byte[]?, byte[]> consumer,
    NameStore names,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<CatalogNames> logger
) : EventConsumer(Topic, consumer, scopes, ready, time, logger)
{
    public const string Topic = "apisvc.catalog";

    protected override bool Takes(string? type) =>
        type == ApiChanged.Descriptor.FullName
        || type == VersionChanged.Descriptor.FullName
        || type == PlanChanged.Descriptor.FullName
        || type == ApplicationChanged.Descriptor.FullName;

    protected override Task TakeAsync(
        ConsumedEvent consumed,
        IServiceProvider services,
        CancellationToken cancellationToken
    ) => names.SaveAsync([Read(consumed)], cancellationToken);

    private static DimensionName Read(ConsumedEvent consumed)
    {
        var data = consumed.Data.Span;
        if (consumed.Type == ApiChanged.Descriptor.FullName)
        {
            var told = ApiChanged.Parser.ParseFrom(data);
            return Naming.Of(told.Api ?? new(), told.Deleted);
        }

        if (consumed.Type == VersionChanged.Descriptor.FullName)
        {
            var told = VersionChanged.Parser.ParseFrom(data);
            return Naming.Of(told.Version ?? new(), told.Deleted);
        }

        if (consumed.Type == PlanChanged.Descriptor.FullName)
        {
            return Naming.Of(PlanChanged.Parser.ParseFrom(data).Plan ?? new());
        }

        var application = ApplicationChanged.Parser.ParseFrom(data);
        return Naming.Of(application.Application ?? new(), application.Deleted);
    }
}
