using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Silences;

/// <summary>Silences of teams.</summary>
internal sealed class SilenceRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    UuidGenerator ids,
    TimeProvider time
)
{
    /// <param name="team">Whose.</param>
    /// <param name="ended">Also those that are over.</param>
    /// <param name="page">Which page.</param>
    public async Task<List<SilenceRow>> ListAsync(Guid team, bool ended, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<SilenceRow>(
            """
            select * from alert_silence
            where team_id = @team and (@ended or ends_at > @now) and (@after::uuid is null or id < @after)
            order by id desc limit @fetch
            """,
            new
            {
                team,
                ended,
                now = time.GetStoredNow(),
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<SilenceRow>> CreateAsync(
        Guid team,
        SilenceInput input,
        InputPlace place,
        Actor actor
    )
    {
        var now = time.GetStoredNow();
        var db = await work.OpenAsync();
        var faults = new List<Violation>();
        if (input.EndsAt <= now)
        {
            faults.Add(new(place[nameof(SilenceInput.EndsAt)], "invalid", "Must be after now."));
        }

        if (
            input.RuleId is { } rule
            && await AlertRuleRow.FindAsync(db, team, rule.Value, "for key share") is null
        )
        {
            faults.Add(
                new(place[nameof(SilenceInput.RuleId)], "unknown", $"The team has no rule {rule}.")
            );
        }

        if (faults.Count > 0)
        {
            return ApiProblem.Invalid(faults);
        }

        var row = new SilenceRow
        {
            Id = ids.Next(),
            TeamId = team,
            RuleId = input.RuleId?.Value,
            Filters = AlertJson.Write(input.Filters),
            StartsAt = input.StartsAt ?? now,
            EndsAt = input.EndsAt,
            Author = actor.Caller.Subject,
            Comment = input.Comment,
            CreatedAt = now,
        };
        await db.ExecuteAsync(
            """
            insert into alert_silence (id, team_id, rule_id, filters, starts_at, ends_at, author, comment, created_at)
            values (@Id, @TeamId, @RuleId, @Filters::jsonb, @StartsAt, @EndsAt, @Author, @Comment, @CreatedAt)
            """,
            row
        );
        work.AddAudit(
            actor.Did("alert-silence.create", row.PublicId, team, after: row.ToDocument())
        );
        await work.CommitAsync();
        return row;
    }

    /// <summary>Ends it now. One that has not begun goes; one that is over stays as it is.</summary>
    public async Task<ApiProblem?> DeleteAsync(Guid team, Guid id, Actor actor)
    {
        var db = await work.OpenAsync();
        var before = await db.QuerySingleOrDefaultAsync<SilenceRow>(
            "select * from alert_silence where id = @id and team_id = @team for update",
            new { id, team }
        );
        var now = time.GetStoredNow();
        if (before is null)
        {
            return ApiProblem.NotFound;
        }

        if (before.EndsAt <= now)
        {
            return null;
        }

        var after = before.StartsAt < now ? before with { EndsAt = now } : null;
        await db.ExecuteAsync(
            after is null
                ? "delete from alert_silence where id = @id"
                : "update alert_silence set ends_at = @now where id = @id",
            new { id, now }
        );
        work.AddAudit(
            actor.Did(
                "alert-silence.delete",
                before.PublicId,
                team,
                before.ToDocument(),
                after?.ToDocument()
            )
        );
        await work.CommitAsync();
        return null;
    }
}
