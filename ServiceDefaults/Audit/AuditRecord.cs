namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>An entry at its place in the chain, as it is stored.</summary>
internal sealed record AuditRecord
{
    public required long Position { get; init; }
    public required Guid Id { get; init; }
    public required DateTime Time { get; init; }
    public required string ActorKind { get; init; }
    public required string Actor { get; init; }
    public string? ClientId { get; init; }
    public string? Address { get; init; }
    public required string Action { get; init; }
    public required string ObjectKind { get; init; }
    public required string ObjectId { get; init; }
    public Guid? Team { get; init; }
    public required string Result { get; init; }
    public string? Before { get; init; }
    public string? After { get; init; }
    public string? TraceId { get; init; }

    public static AuditRecord Of(AuditDraft draft, long position, DateTime time) =>
        new()
        {
            Position = position,
            Id = Guid.CreateVersion7(new DateTimeOffset(time)),
            Time = time,
            ActorKind = Word(draft.Entry.Caller.Kind),
            Actor = draft.Entry.Caller.Subject,
            ClientId = draft.Entry.Caller.ClientId,
            Address = draft.Entry.Address?.ToString(),
            Action = draft.Entry.Action,
            ObjectKind = draft.Entry.ObjectKind,
            ObjectId = draft.Entry.ObjectId,
            Team = draft.Entry.Team,
            Result = Word(draft.Entry.Result),
            Before = draft.Before,
            After = draft.After,
            TraceId = draft.TraceId,
        };

#pragma warning disable CA1308 // Words in a table are small; nothing is compared by this.
    private static string Word<T>(T value)
        where T : struct, Enum => value.ToString().ToLowerInvariant();
#pragma warning restore CA1308
}
