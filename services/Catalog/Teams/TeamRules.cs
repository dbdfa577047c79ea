using ApiSvc.Catalog.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Teams;

/// <summary>Who approves a version that is submitted for review.</summary>
internal enum ReviewRule
{
    /// <summary>Nobody: what is submitted is approved.</summary>
    Automatic,

    /// <summary>Somebody with the right, who neither wrote nor submitted it.</summary>
    AnotherPerson,
}

/// <summary>What a team asks of its own work.</summary>
internal sealed record TeamRules
{
    public ReviewRule Review { get; init; }
}

internal sealed record TeamRulesRow
{
    public ReviewRule Review { get; init; }

    /// <summary>1 where nothing was ever set.</summary>
    public long Version { get; init; } = 1;

    public TeamRules ToDocument() => new() { Review = Review };
}

/// <summary>Reads and sets a team's rules.</summary>
internal sealed class TeamRuleBook(UnitOfWork work)
{
    public static async Task<TeamRulesRow> FindAsync(NpgsqlConnection db, Guid team) =>
        await db.QuerySingleOrDefaultAsync<TeamRulesRow>(
            "select review, version from team_rules where team_id = @team",
            new { team }
        ) ?? new();

    public async Task<Outcome<TeamRulesRow>> ReplaceAsync(
        Guid team,
        TeamRules rules,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        var before = await FindAsync(db, team);
        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var after = new TeamRulesRow { Review = rules.Review, Version = before.Version + 1 };
        var changed = await db.ExecuteAsync(
            """
            insert into team_rules as r (team_id, review, version) values (@team, @Review, @Version)
            on conflict (team_id) do update set review = @Review, version = @Version
            where r.version = @Version - 1
            """,
            new
            {
                team,
                Review = after.Review.ToString(),
                after.Version,
            }
        );
        if (changed == 0)
        {
            return ApiProblem.Conflict("overtaken", "Another change came between. Try again.");
        }

        work.AddAudit(
            actor.Did(
                "team-rules.update",
                new Id<TeamKind>(team).ToString(),
                team,
                before.ToDocument(),
                after.ToDocument()
            )
        );
        await work.CommitAsync();
        return after;
    }
}
