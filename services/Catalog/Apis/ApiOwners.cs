using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Apis;

/// <summary>To which team an API belongs; others may know of it where it is offered to them.</summary>
internal sealed class ApiOwners(NpgsqlDataSource database) : ITeamLookup
{
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<ApiKind>.TryParse(id, out var api))
        {
            return null;
        }

        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("id", api.Value);
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return
            await db.QuerySingleOrDefaultAsync<Found>(
                $"select a.team_id, {ApiRow.Offered} as offered from api a where a.id = @id",
                parameters
            )
                is { } found
            ? new Ownership(found.TeamId, found.Offered && !caller.TeamsWith("apis.read").IsEmpty)
            : null;
    }

    internal sealed record Found
    {
        public Guid TeamId { get; init; }

        public bool Offered { get; init; }
    }
}
