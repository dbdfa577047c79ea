using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Connections;

/// <summary>A row of the table <c>connection</c>.</summary>
internal sealed record ConnectionRow : ITeamRow
{
    public static readonly TeamTable<ConnectionRow> Table = new(
        "connection",
        "name",
        "provider",
        "custom::jsonb",
        "places::jsonb",
        "api_version",
        "drop_unsupported",
        "disabled"
    );

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string Name { get; init; } = "";

    public string? Provider { get; init; }

    /// <summary>JSON of a <see cref="CustomProvider"/>.</summary>
    public string? Custom { get; init; }

    public string Places { get; init; } = "{}";

    public string? ApiVersion { get; init; }

    public bool DropUnsupported { get; init; }

    public bool Disabled { get; init; }

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<ConnectionKind>(Id).ToString();

    public IReadOnlyDictionary<string, string> PlaceValues =>
        Stored.Read<Dictionary<string, string>>(Places);

    public CustomProvider? CustomProvider =>
        Custom is null ? null : Stored.Read<CustomProvider>(Custom);

    object ITeamRow.Parameters => this;

    object ITeamRow.Document => ToDocument();

    public ConnectionRow With(ConnectionInput input) =>
        this with
        {
            Name = input.Name,
            Provider = input.Provider,
            Custom = input.Custom is null ? null : Stored.Write(input.Custom),
            Places = Stored.Write(input.Places),
            ApiVersion = input.ApiVersion,
            DropUnsupported = input.DropUnsupported,
            Disabled = input.Disabled,
        };

    /// <summary>Whether both lead to the same place, asked in the same way.</summary>
    public bool GoesWhere(ConnectionRow other) =>
        Provider == other.Provider
        && CustomProvider?.Address == other.CustomProvider?.Address
        && CustomProvider?.Authentication == other.CustomProvider?.Authentication
        && PlaceValues
            .OrderBy(p => p.Key, StringComparer.Ordinal)
            .SequenceEqual(other.PlaceValues.OrderBy(p => p.Key, StringComparer.Ordinal));

    public ConnectionDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Name,
            Provider,
            CustomProvider,
            PlaceValues,
            ApiVersion,
            DropUnsupported,
            Disabled,
            CreatedAt
        );

    /// <summary>What the connection speaks to; null if this build knows no such provider.</summary>
    public ProviderConfig? ToConfig(IReadOnlyDictionary<string, ProviderConfig> known) =>
        CustomProvider is { } custom
            ? new ProviderConfig
            {
                Name = Name,
                Family = custom.Family,
                Address = custom.Address,
                Authentication = custom.Authentication,
                Headers = custom.Headers,
                // The one object says that bytes may pass through untouched.
                Quirks = custom.Quirks == Quirks.None ? Quirks.None : custom.Quirks,
                Local = custom.Local,
            }
            : known.GetValueOrDefault(Provider ?? "");
}

/// <summary>A connection to a provider.</summary>
internal sealed record ConnectionDocument(
    Id<ConnectionKind> Id,
    Id<TeamKind> TeamId,
    string Name,
    string? Provider,
    CustomProvider? Custom,
    IReadOnlyDictionary<string, string> Places,
    string? ApiVersion,
    bool DropUnsupported,
    bool Disabled,
    DateTimeOffset CreatedAt
);
