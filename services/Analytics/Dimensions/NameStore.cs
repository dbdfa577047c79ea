using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Dimensions;

/// <summary>Keeps names. What is deleted keeps its name: its calls are still there.</summary>
internal sealed class NameStore(NpgsqlDataSource database)
{
    public async Task SaveAsync(
        IReadOnlyList<DimensionName> names,
        CancellationToken cancellationToken
    )
    {
        if (names.Count == 0)
        {
            return;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            new CommandDefinition(
                """
                insert into dimension_name (kind, id, name, team_id, parent_id, deleted)
                select distinct on (kind, id) kind, id, name, nullif(team, @none), nullif(parent, @none), deleted
                from unnest(@kinds, @ids, @texts, @teams, @parents, @deleted) as u (kind, id, name, team, parent, deleted)
                order by kind, id
                on conflict (kind, id) do update set name = excluded.name, deleted = excluded.deleted,
                  team_id = coalesce(excluded.team_id, dimension_name.team_id),
                  parent_id = coalesce(excluded.parent_id, dimension_name.parent_id)
                """,
                new
                {
                    none = Guid.Empty,
                    kinds = names.Select(n => (short)n.Kind).ToArray(),
                    ids = names.Select(n => n.Id).ToArray(),
                    texts = names.Select(n => n.Name).ToArray(),
                    teams = names.Select(n => n.Team ?? Guid.Empty).ToArray(),
                    parents = names.Select(n => n.Parent ?? Guid.Empty).ToArray(),
                    deleted = names.Select(n => n.Deleted).ToArray(),
                },
                cancellationToken: cancellationToken
            )
        );
    }
}

/// <summary>What something is called.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Id">Its id.</param>
/// <param name="Name">Its name.</param>
/// <param name="Team">Whose it is, if anybody's.</param>
/// <param name="Parent">What it is a part of: of a version the API.</param>
/// <param name="Deleted">Whether it is no more.</param>
internal sealed record DimensionName(
    NameKind Kind,
    Guid Id,
    string Name,
    Guid? Team = null,
    Guid? Parent = null,
    bool Deleted = false
);
