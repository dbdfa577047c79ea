using ApiSvc.SampleService.V1;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Idempotency;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Outbox;
using ApiSvc.ServiceDefaults.Paging;
using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Preconditions;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Requests;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace ApiSvc.SampleService.Notes;

/// <summary>Notes over REST.</summary>
internal static class NotesApi
{
    public static RouteGroupBuilder MapNotes(this IEndpointRouteBuilder routes)
    {
        var group = routes.MapGroup("/v1");
        group
            .MapGet("/teams/{teamId}/notes", ListAsync)
            .RequirePermission("notes.read", Team.FromRoute("teamId"));
        group
            .MapPost("/teams/{teamId}/notes", CreateAsync)
            .RequirePermission("notes.write", Team.FromRoute("teamId"))
            .WithIdempotency();
        group
            .MapGet("/notes/{noteId}", GetAsync)
            .RequirePermission("notes.read", Team.Of<NoteOwners>("noteId"));
        group
            .MapPut("/notes/{noteId}", ReplaceAsync)
            .RequirePermission("notes.write", Team.Of<NoteOwners>("noteId"));
        return group;
    }

    private static async Task<Page<NoteDocument>> ListAsync(
        Id<TeamKind> teamId,
        PageRequest<Guid> page,
        NpgsqlDataSource database
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        var rows = await connection.QueryAsync<NoteRow>(
            """
            select id, team_id as teamId, text, version from notes
            where team_id = @team and (@after::uuid is null or id > @after) order by id limit @fetch
            """,
            new
            {
                team = teamId.Value,
                after = page.After,
                fetch = page.Fetch,
            }
        );
        return page.ToPage(rows.AsList(), row => row.Id, row => row.ToDocument());
    }

    private static async Task<Tagged<NoteDocument>> CreateAsync(
        Id<TeamKind> teamId,
        Body<NoteInput> body,
        Caller caller,
        HttpContext context,
        UnitOfWork work,
        UuidGenerator ids
    )
    {
        var row = new NoteRow(ids.Next(), teamId.Value, body.Value.Text, Version: 1);
        var connection = await work.OpenAsync();
        await connection.ExecuteAsync(
            "insert into notes (id, team_id, text) values (@Id, @TeamId, @Text)",
            row
        );
        var note = row.ToDocument();
        var created = new NoteCreated { Note = NotesService.MessageOf(note) };
        work.AddEvent(OutboxEvent.Of("apisvc.notes", note.Id.ToString(), created));
        work.AddAudit(
            new AuditEntry
            {
                Caller = caller,
                Address = context.Connection.RemoteIpAddress,
                Action = "note.create",
                ObjectKind = "note",
                ObjectId = note.Id.ToString(),
                Team = row.TeamId,
                After = note,
            }
        );
        await work.CommitAsync();
        return TaggedResults.Created($"/v1/notes/{note.Id}", note, row.Version);
    }

    private static async Task<Results<Tagged<NoteDocument>, ApiProblem>> GetAsync(
        Id<NoteKind> noteId,
        NpgsqlDataSource database
    )
    {
        await using var connection = await database.OpenConnectionAsync();
        return await NoteRow.FindAsync(connection, noteId.Value) is { } row
            ? TaggedResults.Ok(row.ToDocument(), row.Version)
            : ApiProblem.NotFound;
    }

    private static async Task<Results<Tagged<NoteDocument>, ApiProblem>> ReplaceAsync(
        Id<NoteKind> noteId,
        IfMatch ifMatch,
        Body<NoteInput> body,
        UnitOfWork work
    )
    {
        var connection = await work.OpenAsync();
        if (await NoteRow.FindAsync(connection, noteId.Value) is not { } row)
        {
            return ApiProblem.NotFound;
        }

        if (ifMatch.Check(row.Version) is { } stale)
        {
            return stale;
        }

        var changed = row with { Text = body.Value.Text, Version = row.Version + 1 };
        var count = await connection.ExecuteAsync(
            "update notes set text = @Text, version = @Version where id = @Id and version = @Version - 1",
            changed
        );
        if (count == 0)
        {
            return IfMatch.Stale(EntityTag.From(changed.Version));
        }

        await work.CommitAsync();
        return TaggedResults.Ok(changed.ToDocument(), changed.Version);
    }
}
