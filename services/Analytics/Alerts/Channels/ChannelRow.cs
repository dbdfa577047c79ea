using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.Channels;

/// <summary>A row of the table <c>alert_channel</c>.</summary>
internal sealed record ChannelRow
{
    /// <summary>The key that webhooks are signed with, or Slack's whole address.</summary>
    public static readonly SealedColumn SecretColumn = new("alert_channel", "id", "secret");

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public ChannelType Kind { get; init; }

    public string Url { get; init; } = "";

    public string[] Addresses { get; init; } = [];

    public byte[]? Secret { get; init; }

    public bool Disabled { get; init; }

    public string DisabledReason { get; init; } = "";

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<ChannelKind>(Id).ToString();

    public object Parameters =>
        new
        {
            Id,
            TeamId,
            Name,
            Kind = Kind.ToString(),
            Url,
            Addresses,
            Secret,
            Disabled,
            DisabledReason,
            Version,
            CreatedAt,
        };

    public static Task<ChannelRow?> FindAsync(
        NpgsqlConnection db,
        Guid team,
        Guid id,
        string lockClause = ""
    ) =>
        db.QuerySingleOrDefaultAsync<ChannelRow>(
            $"select * from alert_channel where id = @id and team_id = @team {lockClause}",
            new { team, id }
        );

    public ChannelDocument ToDocument() =>
        new(new(Id), new(TeamId), Name, Kind, Url, Addresses, !Disabled, DisabledReason, CreatedAt);

    public V1.AlertChannel ToMessage() =>
        new()
        {
            Id = PublicId,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            Name = Name,
            Kind = (V1.AlertChannelKind)(int)Kind,
            Url = Url,
            Addresses = { Addresses },
            Disabled = Disabled,
            DisabledReason = DisabledReason,
            Etag = MessageEtag.Of(Version),
            CreatedAt = CreatedAt.ToTimestamp(),
        };
}
