using ApiSvc.SampleService.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Problems;
using Dapper;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.SampleService.Notes;

/// <summary>Notes over gRPC.</summary>
internal sealed class NotesService(NpgsqlDataSource database) : V1.Notes.NotesBase
{
    public static Note MessageOf(NoteDocument note) =>
        new()
        {
            Id = note.Id.ToString(),
            TeamId = note.TeamId.ToString(),
            Text = note.Text,
        };

    [RequirePermission(
        "notes.read",
        Team = TeamSource.Owner,
        Field = "id",
        Lookup = typeof(NoteOwners)
    )]
    public override async Task<Note> GetNote(GetNoteRequest request, ServerCallContext context)
    {
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        var row = await NoteRow.FindAsync(connection, Id<NoteKind>.Parse(request.Id).Value);
        return row is null
            ? throw new ApiProblemException(ApiProblem.NotFound)
            : MessageOf(row.ToDocument());
    }

    [RequirePermission("notes.read", Team = TeamSource.Message, Field = "team_id")]
    public override async Task WatchNotes(
        WatchNotesRequest request,
        IServerStreamWriter<Note> responseStream,
        ServerCallContext context
    )
    {
        await using var connection = await database.OpenConnectionAsync(context.CancellationToken);
        var rows = await connection.QueryAsync<NoteRow>(
            "select id, team_id as teamId, text, version from notes where team_id = @team order by id",
            new { team = Id<TeamKind>.Parse(request.TeamId).Value }
        );
        foreach (var row in rows)
        {
            await responseStream.WriteAsync(MessageOf(row.ToDocument()), context.CancellationToken);
        }
    }
}
