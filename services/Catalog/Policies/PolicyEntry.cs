using System.Text.Json.Serialization;

namespace ApiSvc.Catalog.Policies;

/// <summary>Where a policy can be set, from the widest to the narrowest.</summary>
internal enum PolicyLevel
{
    Platform,
    Team,
    Version,
    Operation,
}

/// <summary>A policy as it is set at some level. Compared by value.</summary>
/// <param name="Type">Such as <c>limit</c>: one of <see cref="PolicyTypes"/>.</param>
/// <param name="Settings">Its settings: JSON in the canonical form that <see cref="PolicySettings"/> writes.</param>
internal sealed record PolicyEntry(
    string Type,
    [property: JsonConverter(typeof(RawJsonConverter))] string Settings
);
