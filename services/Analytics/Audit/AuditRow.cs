using System.Text.Json;
using ApiSvc.Contracts.Analytics.V1;
using ApiSvc.Contracts.Events.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Analytics.Audit;

/// <summary>An entry as it is stored.</summary>
internal sealed record AuditRow
{
    private const int HashLength = 32;

    public string Service { get; init; } = "";

    public long Position { get; init; }

    public Guid Id { get; init; }

    public DateTimeOffset Time { get; init; }

    public string ActorKind { get; init; } = "";

    public string Actor { get; init; } = "";

    public string? ClientId { get; init; }

    public string? ClientAddress { get; init; }

    public string Action { get; init; } = "";

    public string ObjectKind { get; init; } = "";

    public string ObjectId { get; init; } = "";

    public Guid? TeamId { get; init; }

    public string Result { get; init; } = "";

    public string? Before { get; init; }

    public string? After { get; init; }

    public string? TraceId { get; init; }

    public byte[] Hash { get; init; } = [];

    /// <exception cref="FormatException">It is no entry.</exception>
    public static AuditRow Of(AuditEvent entry) =>
        entry is { Service.Length: > 0, Position: > 0, Time: { } time, Hash.Length: HashLength }
            ? new()
            {
                Service = entry.Service,
                Position = checked((long)entry.Position),
                Id = IdOf(entry.Id) ?? throw new FormatException("An entry without an id."),
                Time = time.ToDateTimeOffset(),
                ActorKind = entry.ActorKind,
                Actor = entry.Actor,
                ClientId = NullIfEmpty(entry.ClientId),
                ClientAddress = NullIfEmpty(entry.ClientAddress),
                Action = entry.Action,
                ObjectKind = entry.ObjectKind,
                ObjectId = entry.ObjectId,
                TeamId = IdOf(entry.TeamId),
                Result = entry.Result,
                Before = NullIfEmpty(entry.Before),
                After = NullIfEmpty(entry.After),
                TraceId = NullIfEmpty(entry.TraceId),
                Hash = entry.Hash.ToByteArray(),
            }
            : throw new FormatException("An entry without service, position, time or hash.");

    public AuditEntryDocument ToDocument() =>
        new()
        {
            Id = Id,
            Time = Time,
            Service = Service,
            Position = Position,
            ActorKind = ActorKind,
            Actor = Actor,
            ClientId = ClientId,
            ClientAddress = ClientAddress,
            Action = Action,
            ObjectKind = ObjectKind,
            ObjectId = ObjectId,
            TeamId = TeamId is { } team ? new Id<TeamKind>(team) : null,
            Result = Result,
            Before = Json(Before),
            After = Json(After),
            TraceId = TraceId,
            Hash = Convert.ToHexStringLower(Hash),
        };

    public AuditEntry ToMessage() =>
        new()
        {
            Id = Id.ToString(),
            Time = Timestamp.FromDateTimeOffset(Time),
            Service = Service,
            Position = (ulong)Position,
            ActorKind = ActorKind,
            Actor = Actor,
            ClientId = ClientId ?? "",
            ClientAddress = ClientAddress ?? "",
            Action = Action,
            ObjectKind = ObjectKind,
            ObjectId = ObjectId,
            TeamId = TeamId is { } team ? new Id<TeamKind>(team).ToString() : "",
            Result = Result,
            Before = Before ?? "",
            After = After ?? "",
            TraceId = TraceId ?? "",
            Hash = ByteString.CopyFrom(Hash),
        };

    private static JsonElement? Json(string? text) => text is null ? null : JsonElement.Parse(text);

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;

    private static Guid? IdOf(ByteString bytes) =>
        bytes.Length switch
        {
            0 => null,
            16 => new Guid(bytes.Span, bigEndian: true),
            _ => throw new FormatException("An id has 16 bytes."),
        };
}
