using ApiSvc.Catalog.Apis;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Dapper;
using Npgsql;

namespace ApiSvc.Catalog.Versions;

/// <summary>To which team a version belongs; others may know of it where it was published and is offered to them.</summary>
internal sealed class VersionOwners(NpgsqlDataSource database) : ITeamLookup
{
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<VersionKind>.TryParse(id, out var version))
        {
            return null;
        }

        var parameters = ApiRow.ScopeOf(caller, "apis.read");
        parameters.Add("id", version.Value);
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return
            await db.QuerySingleOrDefaultAsync<ApiOwners.Found>(
                $"""
                select a.team_id, v.state in ('Published', 'Deprecated', 'Suspended', 'Retired') and {ApiRow.Offered} as offered
                from api_version v join api a on a.id = v.api_id where v.id = @id
                """,
                parameters
            )
                is { } found
            ? new Ownership(found.TeamId, found.Offered && !caller.TeamsWith("apis.read").IsEmpty)
            : null;
    }
}
