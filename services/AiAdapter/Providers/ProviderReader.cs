using System.Text.Json;
using System.Text.Json.Serialization;
using ApiSvc.AiAdapter.Catalogue;
using ApiSvc.AiAdapter.Formats;

namespace ApiSvc.AiAdapter.Providers;

/// <summary>Reads the providers; with any problem there are none, and the old ones go on.</summary>
internal static class ProviderReader
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        Converters =
        {
            new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false),
        },
        RespectNullableAnnotations = true,
    };

    public static (
        IReadOnlyDictionary<string, ProviderConfig>? Providers,
        IReadOnlyList<DataProblem> Problems
    ) Read(ReadOnlySpan<byte> json)
    {
        IReadOnlyList<ProviderConfig> providers;
        try
        {
            providers = JsonSerializer.Deserialize<File>(json, Options)?.Providers ?? [];
        }
        catch (JsonException wrong)
        {
            return (null, [new(wrong.Path?.TrimStart('$', '.') ?? "", wrong.Message)]);
        }

        List<DataProblem> problems = [];
        Dictionary<string, ProviderConfig> found = new(StringComparer.Ordinal);
        for (var i = 0; i < providers.Count; i++)
        {
            var provider = providers[i];
            var path = $"providers[{i}]";
            if (!found.TryAdd(provider.Name, provider))
            {
                problems.Add(new($"{path}.name", $"'{provider.Name}' is there twice."));
            }

            if (!Families.All.ContainsKey(provider.Family))
            {
                problems.Add(
                    new($"{path}.family", $"Must be one of {string.Join(", ", Families.All.Keys)}.")
                );
            }

            if (!IsAddress(provider))
            {
                problems.Add(
                    new(
                        $"{path}.address",
                        "Must be an https address, or http for one that is local; places are written {name}."
                    )
                );
            }
        }

        return problems.Count == 0 ? (found, problems) : (null, problems);
    }

    private static bool IsAddress(ProviderConfig provider)
    {
        var filled = provider
            .Address.Replace("{", "", StringComparison.Ordinal)
            .Replace("}", "", StringComparison.Ordinal);
        return Uri.TryCreate(filled, UriKind.Absolute, out var address)
            && (
                address.Scheme == Uri.UriSchemeHttps
                || (provider.Local && address.Scheme == Uri.UriSchemeHttp)
            );
    }

    private sealed record File(IReadOnlyList<ProviderConfig> Providers);
}
