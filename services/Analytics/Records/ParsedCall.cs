using ApiSvc.Analytics.Texts;

namespace ApiSvc.Analytics.Records;

/// <summary>
/// A call record as it was read: see <c>call_records.proto</c>. UUIDs are <see cref="Guid.Empty"/> where there is none;
/// bytes are slices of the message; texts that repeat are entries of the dictionary, null where empty.
/// </summary>
internal sealed class ParsedCall
{
    private SeriesNumbers _series;

    public long Sequence { get; set; }

    /// <summary>By the place of the family in <see cref="Rollups.RollupFamily.OfCalls"/>.</summary>
    public ref SeriesNumbers Series => ref _series;

    /// <summary>The record as it came.</summary>
    public ReadOnlyMemory<byte> Payload { get; init; }

    public Guid Id { get; set; }

    public long StartUs { get; set; }

    public int Status { get; set; }

    public long LatencyUs { get; set; }

    public long UpstreamUs { get; set; }

    public long GatewayUs { get; set; }

    public long BytesIn { get; set; }

    public long BytesOut { get; set; }

    public long ConfigGeneration { get; set; }

    public short CredentialKind { get; set; }

    public short Protocol { get; set; }

    public short CacheStatus { get; set; }

    public int UpstreamTries { get; set; }

    public Guid ApiId { get; set; }

    public Guid VersionId { get; set; }

    public Guid OperationId { get; set; }

    public Guid ApplicationId { get; set; }

    public Guid SubscriptionId { get; set; }

    public Guid PlanId { get; set; }

    public Guid ProviderTeam { get; set; }

    public Guid ConsumerTeam { get; set; }

    public Guid TraceId { get; set; }

    public TextEntry? Node { get; set; }

    public TextEntry? GatewayGroup { get; set; }

    public TextEntry? Environment { get; set; }

    public TextEntry? CredentialPrefix { get; set; }

    public TextEntry? Method { get; set; }

    public TextEntry? Host { get; set; }

    public TextEntry? UserAgent { get; set; }

    public TextEntry? OperationName { get; set; }

    public TextEntry? OperationTemplate { get; set; }

    public TextEntry? Problem { get; set; }

    public TextEntry? RefusedBy { get; set; }

    public TextEntry? UpstreamAddress { get; set; }

    public ReadOnlyMemory<byte> Path { get; set; }

    public ReadOnlyMemory<byte> Query { get; set; }

    public ReadOnlyMemory<byte> ClientAddress { get; set; }

    public ReadOnlyMemory<byte> User { get; set; }

    public ReadOnlyMemory<byte> CapturedRequest { get; set; }

    public ReadOnlyMemory<byte> CapturedResponse { get; set; }

    /// <summary>Whether the gateway itself gave the answer, and not an upstream.</summary>
    public bool AnsweredByGateway => Problem is not null || RefusedBy is not null;

    /// <summary>2 for 200 to 299; 0 where there was no answer.</summary>
    public short StatusClass => (short)(Status / 100);

    /// <summary>Minutes since 1970.</summary>
    public long Minute => StartUs / 60_000_000;

    /// <summary>Texts of the dictionary whose use on a day is not noted yet.</summary>
    public void AddTexts(ICollection<TextEntry> texts, DateOnly day)
    {
        Add(texts, Node, day);
        Add(texts, GatewayGroup, day);
        Add(texts, Environment, day);
        Add(texts, CredentialPrefix, day);
        Add(texts, Method, day);
        Add(texts, Host, day);
        Add(texts, UserAgent, day);
        Add(texts, OperationName, day);
        Add(texts, OperationTemplate, day);
        Add(texts, Problem, day);
        Add(texts, RefusedBy, day);
        Add(texts, UpstreamAddress, day);
    }

    private static void Add(ICollection<TextEntry> texts, TextEntry? entry, DateOnly day)
    {
        if (entry is not null && !entry.IsNoted(day))
        {
            texts.Add(entry);
        }
    }
}
