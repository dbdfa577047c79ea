using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.SampleService.Notes;

/// <summary>A row of the table <c>notes</c>.</summary>
internal sealed record NoteRow(Guid Id, Guid TeamId, string Text, long Version)
{
    public NoteDocument ToDocument() => new(new Id<NoteKind>(Id), new Id<TeamKind>(TeamId), Text);

    public static Task<NoteRow?> FindAsync(NpgsqlConnection connection, Guid id) =>
        connection.QuerySingleOrDefaultAsync<NoteRow>(
            "select id, team_id as teamId, text, version from notes where id = @id",
            new { id }
        );
}
