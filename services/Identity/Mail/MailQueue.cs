using System.Text.Json;
using ApiSvc.Identity.Changes;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Sealing;
using Dapper;
using Npgsql;

namespace ApiSvc.Identity.Mail;

/// <summary>The table <c>email</c>. What e-mails say is sealed: some carry links that let people in.</summary>
internal sealed class MailQueue(
    NpgsqlDataSource database,
    ISealer sealer,
    UuidGenerator ids,
    TimeProvider time
) : IMailer
{
    public static readonly SealedColumn Content = new("email", "id", "content");

    public async Task TakeAsync(UnitOfWork work, Email email, CancellationToken cancellationToken)
    {
        var db = await work.OpenAsync(cancellationToken);
        var content = JsonSerializer.Serialize(
            new EmailContent(email.Subject, email.Text, email.Html)
        );
        foreach (var recipient in email.To)
        {
            var id = ids.Next();
            await db.ExecuteAsync(
                """
                insert into email (id, message_id, recipient, content, status, due_at, created_at)
                values (@id, @message, @recipient, @content, 'Waiting', @now, @now)
                on conflict (message_id, recipient) do nothing
                """,
                new
                {
                    id,
                    message = email.Id,
                    recipient,
                    content = sealer.SealText(Content.At(id), content),
                    now = time.Now(),
                }
            );
        }
    }

    /// <summary>Takes the next one that is due for a while: if it is never heard of again, it is due again then.</summary>
    public async Task<MailJob?> ClaimAsync(TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var row = await db.QuerySingleOrDefaultAsync<EmailRow>(
            """
            update email set attempts = attempts + 1, due_at = @until where id = (
              select id from email where status = 'Waiting' and due_at <= @now
              order by due_at, id limit 1 for update skip locked)
            returning id as "Id", message_id as "MessageId", recipient as "Recipient", content as "Content",
              attempts as "Attempts", created_at as "CreatedAt"
            """,
            new { now = time.Now(), until = time.Now() + lease }
        );
        if (row is null)
        {
            return null;
        }

        var opened = sealer.Open(Content.At(row.Id), row.Content);
        return new(
            row.Id,
            row.MessageId,
            row.Recipient,
            row.Attempts,
            row.CreatedAt.ToOffset(),
            opened.Text is { } text ? JsonSerializer.Deserialize<EmailContent>(text) : null,
            opened.Detail
        );
    }

    /// <summary>It was sent.</summary>
    public Task SentAsync(Guid id, CancellationToken cancellationToken) =>
        EndAsync(id, "Sent", null, cancellationToken);

    /// <summary>It is given up.</summary>
    public Task DeadAsync(Guid id, string error, CancellationToken cancellationToken) =>
        EndAsync(id, "Dead", error, cancellationToken);

    /// <summary>It is tried again.</summary>
    public async Task RetryAsync(
        Guid id,
        TimeSpan pause,
        string error,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            "update email set due_at = @due, last_error = @error where id = @id and status = 'Waiting'",
            new
            {
                id,
                due = time.Now() + pause,
                error,
            }
        );
    }

    /// <summary>Deletes what ended longer ago. As long as it is there, its repeat is known.</summary>
    public async Task SweepAsync(TimeSpan age, CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            "delete from email where status <> 'Waiting' and ended_at < @end",
            new { end = time.Now() - age }
        );
    }

    public async Task<long> CountWaitingAsync(CancellationToken cancellationToken)
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        return await db.ExecuteScalarAsync<long>(
            "select count(*) from email where status = 'Waiting'"
        );
    }

    private async Task EndAsync(
        Guid id,
        string status,
        string? error,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        await db.ExecuteAsync(
            """
            update email set status = @status, last_error = @error, content = null, ended_at = @now
            where id = @id and status = 'Waiting'
            """,
            new
            {
                id,
                status,
                error,
                now = time.Now(),
            }
        );
    }

    private sealed record EmailRow
    {
        public Guid Id { get; init; }

        public Guid MessageId { get; init; }

        public string Recipient { get; init; } = "";

        public byte[] Content { get; init; } = [];

        public int Attempts { get; init; }

        public DateTime CreatedAt { get; init; }
    }
}
