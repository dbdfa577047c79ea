using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Records;
using ApiSvc.Analytics.Rollups;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>Learns what operations are called from their calls, when a series of theirs is new.</summary>
internal static class OperationNames
{
    public static async Task LearnAsync(
        NpgsqlConnection db,
        IReadOnlyList<ParsedCall> calls,
        IReadOnlyCollection<ApiSeriesKey> added
    )
    {
        var wanted = added.Select(k => k.OperationId).Where(id => id != Guid.Empty).ToHashSet();
        if (wanted.Count == 0)
        {
            return;
        }

        var named = calls
            .Where(c => wanted.Contains(c.OperationId))
            .DistinctBy(c => c.OperationId)
            .OrderBy(c => c.OperationId)
            .ToList();
        await db.ExecuteAsync(
            """
            insert into dimension_name (kind, id, name, team_id, parent_id)
            select @kind, id, name, nullif(team, @none), nullif(version, @none)
            from unnest(@ids, @names, @teams, @versions) as u (id, name, team, version)
            on conflict (kind, id) do update set name = excluded.name where dimension_name.name <> excluded.name
            """,
            new
            {
                kind = (short)NameKind.Operation,
                none = Guid.Empty,
                ids = named.Select(c => c.OperationId).ToArray(),
                names = named.Select(NameOf).ToArray(),
                teams = named.Select(c => c.ProviderTeam).ToArray(),
                versions = named.Select(c => c.VersionId).ToArray(),
            }
        );
    }

    private static string NameOf(ParsedCall call) =>
        call.OperationName?.Value ?? $"{call.Method?.Value} {call.OperationTemplate?.Value}".Trim();
}
