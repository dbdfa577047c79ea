using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using Npgsql;

namespace ApiSvc.SampleService.Notes;

/// <summary>To which team a note belongs. Others may not even know of it.</summary>
internal sealed class NoteOwners(NpgsqlDataSource database) : ITeamLookup
{
    public async ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        if (!Id<NoteKind>.TryParse(id, out var note))
        {
            return null;
        }

        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await NoteRow.FindAsync(connection, note.Value) is { } row
            ? new Ownership(row.TeamId, IsVisible: false)
            : null;
    }
}
