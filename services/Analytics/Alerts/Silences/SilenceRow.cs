using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf.WellKnownTypes;
using Npgsql;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts.Silences;

/// <summary>A row of the table <c>alert_silence</c>.</summary>
internal sealed record SilenceRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public Guid? RuleId { get; init; }

    public string Filters { get; init; } = "[]";

    public DateTimeOffset StartsAt { get; init; }

    public DateTimeOffset EndsAt { get; init; }

    public string Author { get; init; } = "";

    public string Comment { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<SilenceKind>(Id).ToString();

    public IReadOnlyList<AlertFilter> FilterList =>
        AlertJson.Read<IReadOnlyList<AlertFilter>>(Filters);

    /// <summary>Whether it covers a rule, when it is on.</summary>
    public bool Covers(Guid rule, IReadOnlyList<AlertFilter> filters) =>
        (RuleId is null || RuleId == rule) && AlertFilters.Cover(FilterList, filters);

    /// <summary>A team's silences that are on.</summary>
    public static async Task<List<SilenceRow>> ListNowAsync(
        NpgsqlConnection db,
        Guid team,
        DateTimeOffset now
    ) =>
        (
            await db.QueryAsync<SilenceRow>(
                "select * from alert_silence where team_id = @team and starts_at <= @now and ends_at > @now",
                new { team, now }
            )
        ).AsList();

    /// <summary>Whether a silence that is on covers the rule.</summary>
    public static async Task<bool> CoverAsync(
        NpgsqlConnection db,
        AlertRuleRow rule,
        DateTimeOffset now
    ) => (await ListNowAsync(db, rule.TeamId, now)).Exists(s => s.Covers(rule.Id, rule.FilterList));

    public SilenceDocument ToDocument() =>
        new(
            new(Id),
            RuleId is { } rule ? new Id<AlertRuleKind>(rule) : null,
            FilterList,
            StartsAt,
            EndsAt,
            Author,
            Comment,
            CreatedAt
        );

    public V1.AlertSilence ToMessage() =>
        new()
        {
            Id = PublicId,
            TeamId = new Id<TeamKind>(TeamId).ToString(),
            RuleId = RuleId is { } rule ? new Id<AlertRuleKind>(rule).ToString() : "",
            Filters = { AlertFilters.ToMessages(FilterList) },
            StartsAt = StartsAt.ToTimestamp(),
            EndsAt = EndsAt.ToTimestamp(),
            Author = Author,
            Comment = Comment,
            CreatedAt = CreatedAt.ToTimestamp(),
        };
}
