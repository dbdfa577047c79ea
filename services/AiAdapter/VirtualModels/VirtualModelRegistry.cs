using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.VirtualModels;

/// <summary>Virtual models of teams.</summary>
internal sealed class VirtualModelRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    UuidGenerator ids,
    TimeProvider time
)
    : TeamRegistry<VirtualModelRow>(
        VirtualModelRow.Table,
        "ai-virtual-model",
        "virtual model or alias",
        work,
        database
    )
{
    public async Task<Outcome<VirtualModelRow>> CreateAsync(
        Guid team,
        VirtualModelInput input,
        Actor actor
    )
    {
        var row = new VirtualModelRow
        {
            Id = ids.Next(),
            TeamId = team,
            Version = 1,
            CreatedAt = time.GetStoredNow(),
        }.With(input);
        var db = await Work.OpenAsync();
        return await FindFaultsAsync(db, team, input) is { Count: > 0 } faults
            ? ApiProblem.Invalid(faults)
            : await InsertAsync(row, actor, db => TakeNameAsync(db, row));
    }

    public Task<Outcome<VirtualModelRow>> UpdateAsync(
        Guid team,
        Guid id,
        VirtualModelInput input,
        Precondition precondition,
        Actor actor
    ) =>
        UpdateAsync(
            team,
            id,
            precondition,
            actor,
            async (db, before) =>
            {
                if (await FindFaultsAsync(db, team, input) is { Count: > 0 } faults)
                {
                    return ApiProblem.Invalid(faults);
                }

                var after = before.With(input) with { Version = before.Version + 1 };
                return after.Name != before.Name && await TakeNameAsync(db, after) is { } taken
                    ? taken
                    : after;
            }
        );

    private static async Task<ApiProblem?> TakeNameAsync(NpgsqlConnection db, VirtualModelRow row)
    {
        await db.ExecuteAsync(
            "delete from model_name where virtual_model_id = @Id and not is_alias",
            row
        );
        var taken = await db.ExecuteAsync(
            """
            insert into model_name (team_id, name, virtual_model_id, is_alias, version)
            values (@TeamId, @Name, @Id, false, 1)
            on conflict (team_id, name) do nothing
            """,
            row
        );
        return taken > 0 ? null : Problems.NameTaken("virtual model or alias", row.Name);
    }

    private static async Task<List<Violation>> FindFaultsAsync(
        NpgsqlConnection db,
        Guid team,
        VirtualModelInput input
    )
    {
        // Until the transaction ends, none of them is deleted.
        var connections = (
            await db.QueryAsync<Guid>(
                "select id from connection where team_id = @team and id = any(@ids) for share",
                new { team, ids = input.Targets.Select(t => t.ConnectionId.Value).ToArray() }
            )
        ).ToHashSet();
        var keys = (
            await db.QueryAsync<(Guid Id, Guid Connection)>(
                "select id, connection_id from provider_key where team_id = @team and id = any(@ids) for share",
                new
                {
                    team,
                    ids = input.Targets.SelectMany(t => t.KeyIds).Select(k => k.Value).ToArray(),
                }
            )
        ).ToHashSet();
        List<Violation> faults = [];
        foreach (var (i, target) in input.Targets.Index())
        {
            if (!connections.Contains(target.ConnectionId.Value))
            {
                faults.Add(
                    new(
                        $"#/targets/{i}/connectionId",
                        "not_allowed",
                        "The team has no such connection."
                    )
                );
            }

            foreach (var (k, key) in target.KeyIds.Index())
            {
                if (!keys.Contains((key.Value, target.ConnectionId.Value)))
                {
                    faults.Add(
                        new(
                            $"#/targets/{i}/keyIds/{k}",
                            "not_allowed",
                            "The target's connection has no such key."
                        )
                    );
                }
            }
        }

        return faults;
    }
}
