using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Npgsql;

namespace ApiSvc.AiAdapter.Outcomes;

/// <summary>
/// Objects of teams: lists, creation, change, deletion, each change with its audit entry in one transaction. What is special
/// to a kind is checked by who derives.
/// </summary>
/// <param name="noun">In audit entries: <c>ai-connection</c>.</param>
/// <param name="what">In messages: <c>connection</c>.</param>
internal abstract class TeamRegistry<TRow>(
    TeamTable<TRow> table,
    string noun,
    string what,
    UnitOfWork work,
    NpgsqlDataSource database
)
    where TRow : class, ITeamRow
{
    protected UnitOfWork Work => work;

    protected NpgsqlDataSource Database => database;

    protected TeamTable<TRow> Table => table;

    public async Task<List<TRow>> ListAsync(Guid team, PageRequest<Guid> page)
    {
        await using var db = await database.OpenConnectionAsync();
        return await table.ListAsync(db, team, page);
    }

    public async Task<Outcome<TRow>> FindAsync(Guid team, Guid id)
    {
        await using var db = await database.OpenConnectionAsync();
        return await table.FindAsync(db, team, id) is { } row ? row : ApiProblem.NotFound;
    }

    /// <param name="also">What else has to be so, or to be done, in the same transaction.</param>
    protected async Task<Outcome<TRow>> InsertAsync(
        TRow row,
        Actor actor,
        Func<NpgsqlConnection, Task<ApiProblem?>>? also = null
    )
    {
        var db = await work.OpenAsync();
        if (!await table.InsertAsync(db, row))
        {
            return Problems.NameTaken(what, row.Name);
        }

        return also is not null && await also(db) is { } problem
            ? problem
            : await FinishAsync("create", null, row, row, actor);
    }

    /// <param name="change">Makes the row as it will be, from the one that is there.</param>
    /// <param name="verb">In the audit entry.</param>
    protected async Task<Outcome<TRow>> UpdateAsync(
        Guid team,
        Guid id,
        Precondition precondition,
        Actor actor,
        Func<NpgsqlConnection, TRow, Task<Outcome<TRow>>> change,
        string verb = "update"
    )
    {
        var db = await work.OpenAsync();
        if (await table.FindAsync(db, team, id, "for update") is not { } before)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(before.Version) is { } stale)
        {
            return stale;
        }

        var changed = await change(db, before);
        if (!changed.IsRight)
        {
            return changed;
        }

        return await table.UpdateAsync(db, changed.Value)
            ? await FinishAsync(verb, before, changed.Value, changed.Value, actor)
            : Problems.NameTaken(what, changed.Value.Name);
    }

    public async Task<ApiProblem?> DeleteAsync(
        Guid team,
        Guid id,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await table.FindAsync(db, team, id, "for update") is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if ((precondition(row.Version) ?? await FindUserAsync(db, row)) is { } problem)
        {
            return problem;
        }

        await table.DeleteAsync(db, id);
        await FinishAsync("delete", row, null, row, actor);
        return null;
    }

    /// <summary>What needs it still, so that it cannot be deleted.</summary>
    protected virtual Task<ApiProblem?> FindUserAsync(NpgsqlConnection db, TRow row) =>
        Task.FromResult<ApiProblem?>(null);

    private async Task<TRow> FinishAsync(
        string verb,
        TRow? before,
        TRow? after,
        TRow row,
        Actor actor
    )
    {
        work.AddAudit(
            actor.Did($"{noun}.{verb}", row.PublicId, row.TeamId, before?.Document, after?.Document)
        );
        await work.CommitAsync();
        return row;
    }
}
