using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Npgsql;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>Connections of teams.</summary>
internal sealed class ConnectionRegistry(
    UnitOfWork work,
    NpgsqlDataSource database,
    ConnectionRules rules,
    UuidGenerator ids,
    TimeProvider time
) : TeamRegistry<ConnectionRow>(ConnectionRow.Table, "ai-connection", "connection", work, database)
{
    public async Task<Outcome<ConnectionRow>> CreateAsync(
        Guid team,
        ConnectionInput input,
        Actor actor
    ) =>
        rules.FindFaults(input) is { Count: > 0 } faults
            ? ApiProblem.Invalid(faults)
            : await InsertAsync(
                new ConnectionRow
                {
                    Id = ids.Next(),
                    TeamId = team,
                    Version = 1,
                    CreatedAt = time.GetStoredNow(),
                }.With(input),
                actor
            );

    public async Task<Outcome<ConnectionRow>> UpdateAsync(
        Guid team,
        Guid id,
        ConnectionInput input,
        Precondition precondition,
        Actor actor
    ) =>
        rules.FindFaults(input) is { Count: > 0 } faults
            ? ApiProblem.Invalid(faults)
            : await UpdateAsync(
                team,
                id,
                precondition,
                actor,
                (db, before) => ChangeAsync(db, before, before.With(input))
            );

    // Keys are never shown again; sent to another address, they would be shown to whoever is there.
    private static async Task<Outcome<ConnectionRow>> ChangeAsync(
        NpgsqlConnection db,
        ConnectionRow before,
        ConnectionRow after
    ) =>
        !after.GoesWhere(before)
        && await db.ExecuteScalarAsync<bool>(
            "select exists (select from provider_key where connection_id = @Id)",
            before
        )
            ? ApiProblem.Conflict(
                "has-keys",
                "Its keys were given for the address that it has. Delete them first, or make another connection."
            )
            : after with
            {
                Version = before.Version + 1,
            };

    protected override async Task<ApiProblem?> FindUserAsync(
        NpgsqlConnection db,
        ConnectionRow row
    ) =>
        await db.QueryFirstOrDefaultAsync<string>(
            """
            select name from virtual_model
            where team_id = @TeamId and targets @> jsonb_build_array(jsonb_build_object('connectionId', @PublicId))
            order by name
            """,
            new { row.TeamId, row.PublicId }
        )
            is { } user
            ? Problems.InUse($"The virtual model '{user}' uses it: take it out there first.")
            : null;
}
