using ApiSvc.Analytics.Queries;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Rules;

/// <summary>A row of the table <c>alert_rule</c>.</summary>
internal sealed record AlertRuleRow
{
    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public string Description { get; init; } = "";

    public Metric Metric { get; init; }

    public Side Side { get; init; }

    public string Filters { get; init; } = "[]";

    public int WindowSeconds { get; init; }

    public AlertComparison Comparison { get; init; }

    public double Threshold { get; init; }

    public int HoldSeconds { get; init; }

    public NoData NoData { get; init; }

    public AlertSeverity Severity { get; init; }

    public Guid[] ChannelIds { get; init; } = [];

    public bool Disabled { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<AlertRuleKind>(Id).ToString();

    public IReadOnlyList<AlertFilter> FilterList =>
        AlertJson.Read<IReadOnlyList<AlertFilter>>(Filters);

    public AlertRuleRow With(AlertRuleInput input) =>
        this with
        {
            Name = input.Name,
            Description = input.Description,
            Metric = input.Metric,
            Side = input.Side,
            Filters = AlertJson.Write(input.Filters),
            WindowSeconds = input.WindowSeconds,
            Comparison = input.Comparison,
            Threshold = input.Threshold,
            HoldSeconds = input.HoldSeconds,
            NoData = input.NoData,
            Severity = input.Severity,
            ChannelIds = [.. input.ChannelIds.Select(c => c.Value)],
            Disabled = !input.Enabled,
        };

    public object Parameters =>
        new
        {
            Id,
            TeamId,
            Name,
            Description,
            Metric = Metric.ToString(),
            Side = Side.ToString(),
            Filters,
            WindowSeconds,
            Comparison = Comparison.ToString(),
            Threshold,
            HoldSeconds,
            NoData = NoData.ToString(),
            Severity = Severity.ToString(),
            ChannelIds,
            Disabled,
            Version,
            CreatedAt,
        };

    public AlertRuleDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Name,
            Description,
            Metric,
            Side,
            FilterList,
            WindowSeconds,
            Comparison,
            Threshold,
            HoldSeconds,
            NoData,
            Severity,
            [.. ChannelIds.Select(c => new Id<ChannelKind>(c))],
            !Disabled,
            CreatedAt
        );

    /// <param name="lockClause">Such as <c>for update</c>.</param>
    public static Task<AlertRuleRow?> FindAsync(
        NpgsqlConnection db,
        Guid team,
        Guid id,
        string lockClause = ""
    ) =>
        db.QuerySingleOrDefaultAsync<AlertRuleRow>(
            $"select * from alert_rule where id = @id and team_id = @team {lockClause}",
            new { team, id }
        );
}
