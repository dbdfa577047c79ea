using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Npgsql;

namespace ApiSvc.Catalog.Applications;

/// <summary>To which team an application belongs. Others may not even know of it.</summary>
internal sealed class ApplicationOwners(NpgsqlDataSource database) : ITeamLookup
{
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<ApplicationKind>.TryParse(id, out var application))
        {
            return null;
        }

        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await ApplicationRow.FindAsync(db, application.Value) is { } row
            ? new Ownership(row.TeamId, IsVisible: false)
            : null;
    }
}
