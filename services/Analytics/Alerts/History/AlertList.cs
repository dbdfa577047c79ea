using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.Analytics.Alerts.Silences;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Paging;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.History;

/// <summary>Alerts as they are, and as they were.</summary>
internal sealed class AlertList(NpgsqlDataSource database, TimeProvider time)
{
    /// <param name="team">Whose.</param>
    /// <param name="states">In which states; none: all.</param>
    /// <param name="page">Which page, by the rules' ids.</param>
    public async Task<List<AlertRow>> ListAsync(
        Guid team,
        IReadOnlyList<AlertState> states,
        PageRequest<Guid> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<AlertRow>(
            """
            select a.*, r.name as rule_name, r.team_id, r.severity, r.filters
            from alert a join alert_rule r on r.id = a.rule_id
            where r.team_id = @team and (cardinality(@states) = 0 or a.state = any(@states))
              and (@after::uuid is null or r.id > @after)
            order by r.id limit @fetch
            """,
            new
            {
                team,
                states = states.Select(s => s.ToString()).ToArray(),
                after = page.After,
                fetch = page.Fetch,
            }
        );
        var silences = await SilenceRow.ListNowAsync(db, team, time.GetStoredNow());
        return
        [
            .. rows.Select(row =>
                row with
                {
                    Silenced = silences.Exists(s =>
                        s.Covers(
                            row.RuleId,
                            AlertJson.Read<IReadOnlyList<AlertFilter>>(row.Filters)
                        )
                    ),
                }
            ),
        ];
    }

    /// <summary>Changes, newest first.</summary>
    public async Task<List<AlertChangeRow>> ListChangesAsync(
        Guid team,
        Guid? rule,
        PageRequest<Guid> page
    )
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<AlertChangeRow>(
            """
            select * from alert_change
            where team_id = @team and (@rule::uuid is null or rule_id = @rule) and (@after::uuid is null or id < @after)
            order by id desc limit @fetch
            """,
            new
            {
                team,
                rule,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }
}
