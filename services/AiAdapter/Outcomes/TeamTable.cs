using ApiSvc.ServiceDefaults.Paging;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Outcomes;

/// <summary>A row of what belongs to a team.</summary>
internal interface ITeamRow
{
    Guid Id { get; }

    Guid TeamId { get; }

    string Name { get; }

    long Version { get; }

    string PublicId { get; }

    /// <summary>For SQL, by the columns' names in capitals and without underscores.</summary>
    object Parameters { get; }

    /// <summary>As it is shown, and as it stands in the audit log: without anything secret.</summary>
    object Document { get; }
}

/// <summary>The statements that all tables with objects of teams have in common.</summary>
/// <param name="name">In SQL.</param>
/// <param name="columns">Those that are given and change, beside id, team, version and time of creation; with <c>::jsonb</c> where that is their type.</param>
internal sealed class TeamTable<TRow>(string name, params string[] columns)
    where TRow : class, ITeamRow
{
    private readonly string _insert = $"""
        insert into {name} (id, team_id, version, created_at, {string.Join(
            ", ",
            columns.Select(Column)
        )})
        values (@Id, @TeamId, @Version, @CreatedAt, {string.Join(", ", columns.Select(Value))})
        on conflict do nothing
        """;

    private readonly string _update = $"""
        update {name} set version = @Version, {string.Join(
            ", ",
            columns.Select(c => $"{Column(c)} = {Value(c)}")
        )}
        where id = @Id
        """;

    public async Task<List<TRow>> ListAsync(
        NpgsqlConnection db,
        Guid team,
        PageRequest<Guid> page,
        string where = "true",
        Guid? parent = null
    )
    {
        var rows = await db.QueryAsync<TRow>(
            $"""
            select * from {name} where team_id = @team and {where} and (@after::uuid is null or id > @after)
            order by id limit @fetch
            """,
            new
            {
                team,
                parent,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    /// <param name="lockClause">Such as <c>for update</c>.</param>
    public Task<TRow?> FindAsync(NpgsqlConnection db, Guid team, Guid id, string lockClause = "") =>
        db.QuerySingleOrDefaultAsync<TRow>(
            $"select * from {name} where id = @id and team_id = @team {lockClause}",
            new { id, team }
        );

    /// <returns>False if its name is taken.</returns>
    public async Task<bool> InsertAsync(NpgsqlConnection db, TRow row) =>
        await db.ExecuteAsync(_insert, row.Parameters) > 0;

    /// <returns>False if its name is taken; the transaction is over then.</returns>
    public async Task<bool> UpdateAsync(NpgsqlConnection db, TRow row)
    {
        try
        {
            return await db.ExecuteAsync(_update, row.Parameters) > 0;
        }
        catch (PostgresException e) when (e.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return false;
        }
    }

    public Task<int> DeleteAsync(NpgsqlConnection db, Guid id) =>
        db.ExecuteAsync($"delete from {name} where id = @id", new { id });

    private static string Column(string column) => column.Split(':')[0];

    private static string Value(string column) => $"@{column.Replace("_", "")}";
}
