using System.Text.Json;
using ApiSvc.Catalog.Outcomes;
using ApiSvc.Catalog.Policies;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.PolicyLevels;

/// <summary>The policies of one level at one place.</summary>
internal sealed record PolicyLevelRow
{
    public PolicyLevel Level { get; init; }

    public Guid Target { get; init; }

    /// <summary>JSON of <see cref="PolicyEntry"/>s.</summary>
    public string Policies { get; init; } = "[]";

    /// <summary>1 where nothing was ever set.</summary>
    public long Version { get; init; } = 1;

    public IReadOnlyList<PolicyEntry> Entries => Stored.Read<IReadOnlyList<PolicyEntry>>(Policies);
}

/// <summary>Where policies are set.</summary>
/// <param name="Target">The team, version or operation; of the platform all zeros.</param>
/// <param name="VersionId">Of a version or an operation, with which it goes.</param>
internal sealed record PolicyPlace(
    PolicyLevel Level,
    Guid Target,
    Guid? VersionId,
    Guid? Team,
    string ObjectId
);

/// <summary>All levels that bear on a version.</summary>
internal sealed class PolicyLevelSet(IReadOnlyDictionary<(PolicyLevel, Guid), PolicyLevelRow> rows)
{
    public IReadOnlyList<PolicyEntry> Of(PolicyLevel level, Guid target) =>
        rows.TryGetValue((level, target), out var row) ? row.Entries : [];
}

/// <summary>Policies as they are set at the four levels. Deployed revisions keep what they were made with.</summary>
internal sealed class PolicyLevelBook(UnitOfWork work)
{
    public static async Task<PolicyLevelRow> FindAsync(NpgsqlConnection db, PolicyPlace place) =>
        await db.QuerySingleOrDefaultAsync<PolicyLevelRow>(
            "select level, target, policies, version from policy_level where level = @level and target = @Target",
            new { level = place.Level.ToString(), place.Target }
        ) ?? new() { Level = place.Level, Target = place.Target };

    public static async Task<PolicyLevelSet> OfVersionAsync(
        NpgsqlConnection db,
        Guid team,
        Guid version
    )
    {
        var rows = await db.QueryAsync<PolicyLevelRow>(
            """
            select level, target, policies, version from policy_level
            where version_id = @version or level = 'Platform' or (level = 'Team' and target = @team)
            """,
            new { version, team }
        );
        return new(rows.ToDictionary(r => (r.Level, r.Target)));
    }

    public async Task<Outcome<PolicyLevelRow>> ReplaceAsync(
        PolicyPlace place,
        JsonElement policies,
        Precondition precondition,
        Actor actor
    )
    {
        var read = PolicySettings.ReadList(policies, "#/policies", place.Level);
        if (!read.IsValid)
        {
            return ApiProblem.Invalid(read.Violations);
        }

        var db = await work.OpenAsync();
        var before = await FindAsync(db, place);
        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var after = before with
        {
            Policies = Stored.Write(read.Entries),
            Version = before.Version + 1,
        };
        var changed = await db.ExecuteAsync(
            """
            insert into policy_level as p (level, target, version_id, policies, version)
            values (@level, @Target, @VersionId, @Policies::jsonb, @Version)
            on conflict (level, target) do update set policies = excluded.policies, version = excluded.version
            where p.version = @Version - 1
            """,
            new
            {
                level = place.Level.ToString(),
                place.Target,
                place.VersionId,
                after.Policies,
                after.Version,
            }
        );
        if (changed == 0)
        {
            return ApiProblem.Conflict("overtaken", "Another change came between. Try again.");
        }

        work.AddAudit(
            actor.Did("policies.update", place.ObjectId, place.Team, before.Entries, after.Entries)
        );
        await work.CommitAsync();
        return after;
    }
}
