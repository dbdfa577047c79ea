using ApiSvc.Analytics.Alerts.Evaluation;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Rules;

/// <summary>Rules of teams.</summary>
internal sealed class AlertRuleRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    AlertWriter alerts,
    IOptions<AlertOptions> options,
    UuidGenerator ids,
    TimeProvider time
)
{
    public async Task<List<AlertRuleRow>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<AlertRuleRow>(
            """
            select * from alert_rule where team_id = @team and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            new
            {
                team,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<AlertRuleRow>> FindAsync(Guid team, Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await AlertRuleRow.FindAsync(db, team, id) is { } row ? row : ApiProblem.NotFound;
    }

    public async Task<Outcome<AlertRuleRow>> CreateAsync(
        Guid team,
        AlertRuleInput input,
        InputPlace place,
        Actor actor
    )
    {
        var row = new AlertRuleRow
        {
            Id = ids.Next(),
            TeamId = team,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        }.With(input);
        var db = await work.OpenAsync();
        if (await FindFaultAsync(db, row, place) is { } fault)
        {
            return fault;
        }

        // As many as there may be are counted one after the other.
        await db.ExecuteAsync(
            "select pg_advisory_xact_lock(hashtextextended('analytics.alert-rules.' || @team, 0))",
            new { team }
        );
        var count = await db.ExecuteScalarAsync<int>(
            "select count(*) from alert_rule where team_id = @team",
            new { team }
        );
        if (count >= options.Value.RulesPerTeam)
        {
            return AlertProblems.NotNow(
                "too-many-rules",
                $"The team has {count} rules, which is the most that it may have."
            );
        }

        var added = await db.ExecuteAsync(
            """
            insert into alert_rule (id, team_id, name, description, metric, side, filters, window_seconds, comparison,
              threshold, hold_seconds, no_data, severity, channel_ids, disabled, version, created_at)
            values (@Id, @TeamId, @Name, @Description, @Metric, @Side, @Filters::jsonb, @WindowSeconds, @Comparison,
              @Threshold, @HoldSeconds, @NoData, @Severity, @ChannelIds, @Disabled, @Version, @CreatedAt)
            on conflict (team_id, name) do nothing
            """,
            row.Parameters
        );
        if (added == 0)
        {
            return AlertProblems.NameTaken("rule", input.Name);
        }

        await AlertStatus.InsertAsync(db, row.Id, row.CreatedAt);
        return await FinishAsync(null, row, "alert-rule.create", actor);
    }

    public async Task<Outcome<AlertRuleRow>> UpdateAsync(
        Guid team,
        Guid id,
        AlertRuleInput input,
        InputPlace place,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await AlertRuleRow.FindAsync(db, team, id, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var after = before.With(input) with { Version = before.Version + 1 };
        if (await FindFaultAsync(db, after, place) is { } fault)
        {
            return fault;
        }

        if (
            await db.ExecuteScalarAsync<bool>(
                "select exists (select from alert_rule where team_id = @TeamId and name = @Name and id <> @Id)",
                after.Parameters
            )
        )
        {
            return AlertProblems.NameTaken("rule", input.Name);
        }

        await db.ExecuteAsync(
            """
            update alert_rule set name = @Name, description = @Description, metric = @Metric, side = @Side,
              filters = @Filters::jsonb, window_seconds = @WindowSeconds, comparison = @Comparison, threshold = @Threshold,
              hold_seconds = @HoldSeconds, no_data = @NoData, severity = @Severity, channel_ids = @ChannelIds,
              disabled = @Disabled, version = @Version
            where id = @Id
            """,
            after.Parameters
        );
        if (after.Disabled)
        {
            await alerts.EndAsync(db, after, "The rule was disabled.");
        }

        return await FinishAsync(before, after, "alert-rule.update", actor);
    }

    public async Task<ApiProblem?> DeleteAsync(
        Guid team,
        Guid id,
        Func<long, ApiProblem?> precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await AlertRuleRow.FindAsync(db, team, id, "for update") is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(row.Version) is { } stale)
        {
            return stale;
        }

        await alerts.EndAsync(db, row, "The rule was deleted.");
        await db.ExecuteAsync("delete from alert_rule where id = @id", new { id });
        work.AddAudit(actor.Did("alert-rule.delete", row.PublicId, row.TeamId, row.ToDocument()));
        await work.CommitAsync();
        return null;
    }

    // The channels stay locked, so that none of them is deleted meanwhile.
    private static async Task<ApiProblem?> FindFaultAsync(
        NpgsqlConnection db,
        AlertRuleRow rule,
        InputPlace place
    )
    {
        var known = (
            await db.QueryAsync<Guid>(
                "select id from alert_channel where team_id = @TeamId and id = any(@ChannelIds) order by id for key share",
                new { rule.TeamId, rule.ChannelIds }
            )
        ).ToHashSet();
        var unknown = rule.ChannelIds.Where(c => !known.Contains(c)).ToList();
        return unknown.Count == 0
            ? null
            : ApiProblem.Invalid([
                .. unknown.Select(c => new Violation(
                    place[nameof(AlertRuleInput.ChannelIds)],
                    "unknown",
                    $"The team has no channel {new Id<ChannelKind>(c)}."
                )),
            ]);
    }

    private async Task<AlertRuleRow> FinishAsync(
        AlertRuleRow? before,
        AlertRuleRow after,
        string action,
        Actor actor
    )
    {
        work.AddAudit(
            actor.Did(
                action,
                after.PublicId,
                after.TeamId,
                before?.ToDocument(),
                after.ToDocument()
            )
        );
        await work.CommitAsync();
        return after;
    }
}
