using System.ComponentModel.DataAnnotations;
using System.Globalization;
using ApiSvc.ServiceDefaults.Identifiers;
using Google.Protobuf.WellKnownTypes;
using V1 = ApiSvc.Contracts.Catalog.V1;

namespace ApiSvc.Catalog.Deployments;

/// <summary>An environment.</summary>
/// <param name="Generation">Newest generation of its gateways' configuration.</param>
internal sealed record EnvironmentDocument(string Name, string GatewayGroup, ulong Generation);

/// <summary>A revision: immutable.</summary>
/// <param name="Number">From 1, in its version and environment.</param>
/// <param name="Current">Whether it is what the gateways serve.</param>
internal sealed record RevisionDocument(
    Id<RevisionKind> Id,
    Id<VersionKind> VersionId,
    string Environment,
    long Number,
    string Author,
    string Comment,
    bool Current,
    DateTimeOffset CreatedAt
);

/// <summary>What became of a change of what is served.</summary>
/// <param name="Generation">With which it goes to the gateways.</param>
/// <param name="WaitingForNodes">Live nodes that had not acknowledged it when the wait ended.</param>
internal sealed record DeploymentDocument(
    RevisionDocument Revision,
    ulong Generation,
    IReadOnlyList<string> WaitingForNodes
);

/// <summary>What is said of a deployment.</summary>
internal record DeployInput
{
    [StringLength(10_000)]
    public string Comment { get; init; } = "";
}

/// <summary>What is said of a rollback.</summary>
internal sealed record RollBackInput : DeployInput
{
    /// <summary>The number of the revision that is served again.</summary>
    [Range(1, uint.MaxValue)]
    public required long ToRevision { get; init; }
}

/// <summary>How long a change waits for the gateways: <c>?wait=all&amp;timeout=10s</c>.</summary>
internal sealed record WaitQuery
{
    /// <summary><c>all</c>: until every live node has acknowledged.</summary>
    [AllowedValues("all", null, ErrorMessage = "Must be 'all'.")]
    public string? Wait { get; init; }

    /// <summary>Such as 10s or 500ms; at most 60 seconds, 10 unless given.</summary>
    [RegularExpression(
        "^(?:[0-9]{1,5}ms|[0-9]{1,2}s)$",
        ErrorMessage = "Must be a number of seconds or milliseconds, such as 10s or 500ms."
    )]
    public string? Timeout { get; init; }

    public V1.Wait ToMessage() =>
        new()
        {
            All = Wait == "all",
            Timeout = Timeout is null ? null : Duration.FromTimeSpan(Length(Timeout)),
        };

    private static TimeSpan Length(string text) =>
        text.EndsWith("ms", StringComparison.Ordinal)
            ? TimeSpan.FromMilliseconds(Number(text[..^2]))
            : TimeSpan.FromSeconds(Number(text[..^1]));

    private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
}
