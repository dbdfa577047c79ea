using ApiSvc.Analytics.Kafka;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Events;

namespace ApiSvc.Analytics.Audit;

/// <summary>Takes in what the services publish of their audit logs.</summary>
internal sealed class AuditConsumer(
    KafkaConsumers consumers,
    IServiceScopeFactory scopes,
    DatabaseReady ready,
    TimeProvider time,
    ILogger<AuditConsumer> logger
)
    : EventConsumer(
        "apisvc.audit",
        consumers.Builder<byte[]?, byte[]>("analytics-audit").Build(),
        scopes,
        ready,
        time,
        logger
    )
{
    protected override bool Takes(string? type) => type == AuditEvent.Descriptor.FullName;

    protected override Task TakeAsync(
        ConsumedEvent consumed,
        IServiceProvider services,
        CancellationToken cancellationToken
    ) =>
        services
            .GetRequiredService<AuditBook>()
            .AddAsync(AuditEvent.Parser.ParseFrom(consumed.Data.Span), cancellationToken);
}
