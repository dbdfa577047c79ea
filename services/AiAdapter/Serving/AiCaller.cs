namespace ApiSvc.AiAdapter.Serving;

/// <summary>Who calls, as the gateway signed it. Ids are of the catalog and of Identity.</summary>
internal sealed record AiCaller
{
    public required Guid CallId { get; init; }

    public required Guid Api { get; init; }

    public required Guid Version { get; init; }

    /// <summary>The team whose API is called: its models are served.</summary>
    public required Guid ApiTeam { get; init; }

    public required string Environment { get; init; }

    /// <summary>Null for an API that needs no credential.</summary>
    public Guid? Application { get; init; }

    public Guid? ApplicationTeam { get; init; }

    public Guid? Subscription { get; init; }

    public Guid? Plan { get; init; }

    /// <summary>The visible part of the key, or the client's id.</summary>
    public string Credential { get; init; } = "";
}
