using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Catalog.Plans;

/// <summary>To which team a plan belongs; others may know of it where they can read it.</summary>
internal sealed class PlanOwners(PlanRegistry plans, Npgsql.NpgsqlDataSource database) : ITeamLookup
{
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<PlanKind>.TryParse(id, out var plan))
        {
            return null;
        }

        await using var find = database.CreateCommand("select team_id from plan where id = $1");
        find.Parameters.Add(new() { Value = plan.Value });
        return await find.ExecuteScalarAsync(cancellationToken) is Guid team
            ? new Ownership(
                team,
                !caller.TeamsWith("plans.read").IsEmpty
                    && (await plans.FindAsync(plan.Value, caller)).IsRight
            )
            : null;
    }
}
