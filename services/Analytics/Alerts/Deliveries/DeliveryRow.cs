using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.Deliveries;

/// <summary>What became of a notification; numbered as in the contract.</summary>
internal enum DeliveryStatus
{
    Waiting = 1,
    Delivered = 2,
    GivenUp = 3,
}

/// <summary>A row of the table <c>alert_delivery</c>.</summary>
internal sealed record DeliveryRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public Guid ChannelId { get; init; }

    public Guid? RuleId { get; init; }

    public Guid? ChangeId { get; init; }

    public string Type { get; init; } = "";

    public string Content { get; init; } = "";

    public DeliveryStatus Status { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset DueAt { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public DateTimeOffset? LastAttemptAt { get; init; }

    public string LastAnswer { get; init; } = "";

    public string PublicId => new Id<NotificationKind>(Id).ToString();

    private DateTimeOffset? NextAttemptAt => Status == DeliveryStatus.Waiting ? DueAt : null;

    public DeliveryDocument ToDocument() =>
        new(
            new(Id),
            new(ChannelId),
            RuleId is { } rule ? new Id<AlertRuleKind>(rule) : null,
            ChangeId is { } change ? new Id<AlertChangeKind>(change) : null,
            Type,
            Status,
            Attempts,
            CreatedAt,
            LastAttemptAt,
            NextAttemptAt,
            LastAnswer
        );

    public V1.AlertDelivery ToMessage() =>
        new()
        {
            Id = PublicId,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            ChannelId = new Id<ChannelKind>(ChannelId).ToString(),
            RuleId = RuleId is { } rule ? new Id<AlertRuleKind>(rule).ToString() : "",
            ChangeId = ChangeId is { } change ? new Id<AlertChangeKind>(change).ToString() : "",
            Type = Type,
            Status = (V1.AlertDeliveryStatus)(int)Status,
            Attempts = (uint)Attempts,
            CreatedAt = CreatedAt.ToTimestamp(),
            LastAttemptAt = LastAttemptAt?.ToTimestamp(),
            NextAttemptAt = NextAttemptAt?.ToTimestamp(),
            LastAnswer = LastAnswer,
        };
}

/// <summary>A notification on its way over a channel.</summary>
/// <param name="RuleId">Null for a test.</param>
/// <param name="ChangeId">The change that it tells of; null for a test, and where the end of a silence was the reason.</param>
/// <param name="NextAttemptAt">While it waits.</param>
/// <param name="LastAnswer">What came of the last attempt.</param>
internal sealed record DeliveryDocument(
    Id<NotificationKind> Id,
    Id<ChannelKind> ChannelId,
    Id<AlertRuleKind>? RuleId,
    Id<AlertChangeKind>? ChangeId,
    string Type,
    DeliveryStatus Status,
    int Attempts,
    DateTimeOffset CreatedAt,
    DateTimeOffset? LastAttemptAt,
    DateTimeOffset? NextAttemptAt,
    string LastAnswer
);
