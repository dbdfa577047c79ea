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

/// <summary>Levels as the contracts write them.</summary>
internal static class PolicyLevelExtensions
{
    public static string ToWord(this PolicyLevel level) =>
        level switch
        {
            PolicyLevel.Platform => "platform",
            PolicyLevel.Team => "team",
            PolicyLevel.Version => "version",
            _ => "operation",
        };
}

/// <summary>A policy as it is set at some level. Compared by value.</summary>
/// <param name="Type">Such as <c>limit</c>: one of <see cref="PolicyTypes"/>.</param>
/// <param name="Settings">Its settings: JSON in the canonical form that <see cref="PolicySettings"/> writes.</param>
internal sealed record PolicyEntry(
    string Type,
    [property: JsonConverter(typeof(RawJsonConverter))] string Settings
);
