using System.Text.Json;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies;

/// <summary>Settings of policies: JSON, as people write them, and the gateway's typed messages.</summary>
internal static class PolicySettings
{
    /// <summary>
    /// Reads a level's policies: <c>[{ "type": "limit", "settings": { … } }]</c>. All violations at once, those of types
    /// that are set too often included.
    /// </summary>
    /// <param name="location">Where the list is in the request, such as <c>#/policies</c>.</param>
    public static PolicyList ReadList(JsonElement list, string location, PolicyLevel level) =>
        throw new NotSupportedException();

    /// <summary>The gateway's message of an entry, which was read before.</summary>
    /// <exception cref="InvalidOperationException">The entry was not made by <see cref="ReadList"/>.</exception>
    public static IMessage ToMessage(PolicyEntry entry) => throw new NotSupportedException();

    /// <summary>The entry of a gateway's message: the canonical JSON.</summary>
    public static PolicyEntry FromMessage(string type, ByteString settings) =>
        throw new NotSupportedException();
}

/// <summary>Policies of a level, or what is wrong with them.</summary>
internal sealed record PolicyList(
    IReadOnlyList<PolicyEntry> Entries,
    IReadOnlyList<Violation> Violations
)
{
    public bool IsValid => Violations.Count == 0;
}
