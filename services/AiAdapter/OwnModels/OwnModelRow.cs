using System.Text.Json;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Outcomes;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.OwnModels;

/// <summary>A row of the table <c>own_model</c>.</summary>
internal sealed record OwnModelRow : ITeamRow
{
    public static readonly TeamTable<OwnModelRow> Table = new(
        "own_model",
        "provider",
        "connection_id",
        "name",
        "about::jsonb",
        "prices::jsonb"
    );

    public Guid Id { get; init; }

    public Guid TeamId { get; init; }

    public string? Provider { get; init; }

    public Guid? ConnectionId { get; init; }

    public string Name { get; init; } = "";

    public string About { get; init; } = "{}";

    /// <summary>In the form of the catalogue's file.</summary>
    public string Prices { get; init; } = "[]";

    public long Version { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string PublicId => new Id<OwnModelKind>(Id).ToString();

    public ModelAbout ModelAbout => Stored.Read<ModelAbout>(About);

    object ITeamRow.Parameters => this;

    object ITeamRow.Document => ToDocument();

    public OwnModelRow With(OwnModelInput input) =>
        this with
        {
            Provider = input.Provider,
            ConnectionId = input.ConnectionId?.Value,
            Name = input.Name,
            About = Stored.Write(input.About),
            Prices = Stored.Write(input.Prices),
        };

    /// <summary>Its prices, or what is wrong with them.</summary>
    public (PriceHistory Prices, IReadOnlyList<DataProblem> Problems) ReadPrices()
    {
        using var document = JsonDocument.Parse($$"""{"prices":{{Prices}}}""");
        var file = new DataFile();
        return (new PriceReader(file).Read(document.RootElement, ""), file.Problems);
    }

    public OwnModelDocument ToDocument() =>
        new(
            new(Id),
            new(TeamId),
            Provider,
            ConnectionId is { } connection ? new(connection) : null,
            Name,
            ModelAbout,
            Stored.Read<IReadOnlyList<PriceDocument>>(Prices),
            CreatedAt
        );
}

/// <summary>A team's own model, or its own prices of a known one.</summary>
internal sealed record OwnModelDocument(
    Id<OwnModelKind> Id,
    Id<TeamKind> TeamId,
    string? Provider,
    Id<ConnectionKind>? ConnectionId,
    string Name,
    ModelAbout About,
    IReadOnlyList<PriceDocument> Prices,
    DateTimeOffset CreatedAt
);
