using System.Collections.Concurrent;
using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.ServiceDefaults.Outbox;
using Grpc.Core;

namespace ApiSvc.Analytics.Tests.Alerts.Hosting;

/// <summary>Metrics that a test sets.</summary>
internal sealed class SetMetrics : IMetricReader
{
    /// <summary>Of every rule.</summary>
    public double? All { get; set; }

    /// <summary>Rules whose metric cannot be read.</summary>
    public ConcurrentDictionary<string, bool> Broken { get; } = [];

    public ConcurrentQueue<(string Rule, DateTimeOffset To)> Asked { get; } = [];

    public Task<double?> ReadAsync(
        AlertRuleRow rule,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        Asked.Enqueue((rule.Name, to));
        return Broken.ContainsKey(rule.Name)
            ? throw new InvalidOperationException("as told")
            : Task.FromResult(All);
    }
}

/// <summary>Identity's mail sender.</summary>
internal sealed class FakeMail : Mail.MailClient
{
    public StatusCode Answer { get; set; } = StatusCode.OK;

    public ConcurrentQueue<SendEmailRequest> Sent { get; } = [];

    public override AsyncUnaryCall<SendEmailResponse> SendEmailAsync(
        SendEmailRequest request,
        Metadata? headers = null,
        DateTime? deadline = null,
        CancellationToken cancellationToken = default
    )
    {
        Sent.Enqueue(request);
        return new(
            Answer == StatusCode.OK
                ? Task.FromResult(new SendEmailResponse())
                : Task.FromException<SendEmailResponse>(
                    new RpcException(new Status(Answer, "as told"))
                ),
            Task.FromResult(new Metadata()),
            () => Status.DefaultSuccess,
            () => [],
            () => { }
        );
    }
}

/// <summary>Keeps the events instead of Kafka.</summary>
internal sealed class AlertEvents : IEventPublisher
{
    private readonly ConcurrentQueue<OutboxMessage> _all = [];

    public IReadOnlyList<AlertChanged> Changes =>
        [
            .. _all.Where(m => m.Topic == "apisvc.alerts")
                .Select(m => AlertChanged.Parser.ParseFrom(m.Payload)),
        ];

    public Task<IReadOnlyList<PublishOutcome>> PublishAsync(
        IReadOnlyList<OutboxMessage> batch,
        CancellationToken cancellationToken
    )
    {
        foreach (var message in batch)
        {
            _all.Enqueue(message);
        }

        return Task.FromResult<IReadOnlyList<PublishOutcome>>([
            .. batch.Select(_ => PublishOutcome.Acknowledged),
        ]);
    }
}
