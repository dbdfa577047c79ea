using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using ApiSvc.Catalog.Policies.Settings;
using ApiSvc.ServiceDefaults.Problems;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies;

/// <summary>Settings of policies: JSON, as people write them, and the gateway's typed messages.</summary>
internal static class PolicySettings
{
    private const int MostPolicies = 50;

    private static readonly Dictionary<string, IPolicyForm> Forms = new IPolicyForm[]
    {
        new IpRulesForm(),
        new AuthenticationForm(),
        new LimitForm(),
        new QuotaForm(),
        new CorsForm(),
        new HeadersForm(),
        new PathForm(),
        new UpstreamForm(),
    }.ToDictionary(form => form.Type.Name, StringComparer.Ordinal);

    /// <summary>
    /// Reads a level's policies: <c>[{ "type": "limit", "settings": { … } }]</c>. All violations at once, those of types
    /// that are set too often or at a level that has no meaning for them included.
    /// </summary>
    /// <param name="location">Where the list is in the request, such as <c>#/policies</c>.</param>
    /// <param name="pathTemplate">Of the operation, at that level: what a rewritten path may name.</param>
    public static PolicyList ReadList(
        JsonElement list,
        string location,
        PolicyLevel level,
        string? pathTemplate = null
    )
    {
        var entries = new List<PolicyEntry>();
        var violations = new List<Violation>();
        if (list.ValueKind != JsonValueKind.Array)
        {
            return new([], [new(location, "wrong_type", "Policies are a list.")]);
        }

        if (list.GetArrayLength() > MostPolicies)
        {
            return new(
                [],
                [new(location, "too_many", $"A level may have {MostPolicies} policies.")]
            );
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (index, element) in list.EnumerateArray().Index())
        {
            var place = FormattableString.Invariant($"{location}/{index}");
            if (ReadEntry(element, new(place, level, pathTemplate, violations)) is { } entry)
            {
                entries.Add(entry);
                if (!seen.Add(entry.Type) && !Forms[entry.Type].Type.Repeatable)
                {
                    violations.Add(
                        new(place, "duplicate", $"A level has one policy of type '{entry.Type}'.")
                    );
                }
            }
        }

        return new(violations.Count == 0 ? entries : [], violations);
    }

    /// <summary>The gateway's message of an entry, which was read before.</summary>
    /// <exception cref="InvalidOperationException">The entry was not made by <see cref="ReadList"/>.</exception>
    public static IMessage ToMessage(PolicyEntry entry)
    {
        var violations = new List<Violation>();
        if (Forms.TryGetValue(entry.Type, out var form))
        {
            using var settings = JsonDocument.Parse(entry.Settings);
            var message = form.Read(
                new(settings.RootElement, "#", violations),
                new("#", null, null, violations)
            );
            if (violations.Count == 0)
            {
                return message;
            }
        }

        throw new InvalidOperationException(
            $"The settings of a policy '{entry.Type}' are not those that were checked."
        );
    }

    /// <summary>The entry of a gateway's message: the canonical JSON.</summary>
    /// <exception cref="InvalidOperationException">There is no such type.</exception>
    public static PolicyEntry FromMessage(string type, ByteString settings) =>
        Forms.TryGetValue(type, out var form)
            ? new(type, Write(form, form.Parser.ParseFrom(settings)))
            : throw new InvalidOperationException($"There is no policy of type '{type}'.");

    private static PolicyEntry? ReadEntry(JsonElement element, PolicyPlace place)
    {
        var count = place.Violations.Count;
        var entry = new SettingsObject(element, place.Location, place.Violations);
        entry.Only("type", "settings");
        var type = entry.Text("type");
        if (type is null)
        {
            return null;
        }

        if (!Forms.TryGetValue(type, out var form))
        {
            entry.Refuse(
                "type",
                "unknown_type",
                $"There is no policy of type '{type}'; there are: {string.Join(", ", PolicyTypes.All.Select(known => known.Name))}."
            );
            return null;
        }

        var message = form.Read(entry.Object("settings"), place);
        return place.Violations.Count == count ? new(type, Write(form, message)) : null;
    }

    private static string Write(IPolicyForm form, IMessage message)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (
            var writer = new Utf8JsonWriter(
                buffer,
                new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
            )
        )
        {
            writer.WriteStartObject();
            form.Write(message, writer);
            writer.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
