using System.Text.RegularExpressions;
using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.AiAdapter.VirtualModels;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Aliases;

/// <summary>Other names of virtual models: set to another model in one step, without callers noticing.</summary>
internal sealed partial class AliasRegistry(UnitOfWork work, NpgsqlDataSource database)
{
    public async Task<List<AliasRow>> ListAsync(Guid team, PageRequest<(string, Guid)> page)
    {
        await using var db = await database.OpenConnectionAsync();
        var rows = await db.QueryAsync<AliasRow>(
            """
            select * from model_name where team_id = @team and is_alias and (@after::text is null or name > @after)
            order by name limit @fetch
            """,
            new
            {
                team,
                after = page.After?.Item1,
                fetch = page.Fetch,
            }
        );
        return rows.AsList();
    }

    public async Task<Outcome<AliasRow>> FindAsync(Guid team, string name)
    {
        await using var db = await database.OpenConnectionAsync();
        return await AliasRow.FindAsync(db, team, name) is { IsAlias: true } row
            ? row
            : ApiProblem.NotFound;
    }

    /// <param name="precondition">Asked with 0 where there is none yet.</param>
    public async Task<Outcome<AliasRow>> SetAsync(
        Guid team,
        string name,
        AliasInput input,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (!Form().IsMatch(name))
        {
            return ApiProblem.Invalid(
                new Violation(
                    "path:alias",
                    "pattern",
                    "Must be up to 100 letters, digits, points, hyphens, underscores and colons, beginning with a letter or digit."
                )
            );
        }

        if (
            await VirtualModelRow.Table.FindAsync(db, team, input.VirtualModelId.Value, "for share")
            is null
        )
        {
            return ApiProblem.Invalid(
                new Violation(
                    "#/virtualModelId",
                    "not_allowed",
                    "The team has no such virtual model."
                )
            );
        }

        var before = await AliasRow.FindAsync(db, team, name, "for update");
        if (before is { IsAlias: false })
        {
            return Problems.NameTaken("virtual model", name);
        }

        if (precondition(before?.Version ?? 0) is { } stale)
        {
            return stale;
        }

        var after = new AliasRow
        {
            TeamId = team,
            Name = name,
            VirtualModelId = input.VirtualModelId.Value,
            IsAlias = true,
            Version = (before?.Version ?? 0) + 1,
        };
        if (!await SaveAsync(db, after))
        {
            return ApiProblem.Conflict("overtaken", "Another change came between. Try again.");
        }

        work.AddAudit(
            actor.Did("ai-alias.set", name, team, before?.ToDocument(), after.ToDocument())
        );
        await work.CommitAsync();
        return after;
    }

    public async Task<ApiProblem?> DeleteAsync(
        Guid team,
        string name,
        Precondition precondition,
        Actor actor
    )
    {
        var db = await work.OpenAsync();
        if (await AliasRow.FindAsync(db, team, name, "for update") is not { IsAlias: true } row)
        {
            return ApiProblem.NotFound;
        }

        if (precondition(row.Version) is { } stale)
        {
            return stale;
        }

        await db.ExecuteAsync(
            "delete from model_name where team_id = @TeamId and name = @Name",
            row
        );
        work.AddAudit(actor.Did("ai-alias.delete", name, team, row.ToDocument()));
        await work.CommitAsync();
        return null;
    }

    private static async Task<bool> SaveAsync(NpgsqlConnection db, AliasRow row) =>
        await db.ExecuteAsync(
            """
            insert into model_name as n (team_id, name, virtual_model_id, is_alias, version)
            values (@TeamId, @Name, @VirtualModelId, @IsAlias, @Version)
            on conflict (team_id, name) do update set virtual_model_id = @VirtualModelId, version = @Version
            where n.is_alias and n.version = @Version - 1
            """,
            row
        ) > 0;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._:-]{0,99}\z", RegexOptions.None, 1000)]
    private static partial Regex Form();
}
