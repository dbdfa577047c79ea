using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>Reads a catalogue; with any problem there is no catalogue, and the old one goes on.</summary>
internal sealed class CatalogueReader(DataFile file)
{
    public static (ModelCatalogue? Catalogue, IReadOnlyList<DataProblem> Problems) Read(
        ReadOnlyMemory<byte> json
    )
    {
        var data = new DataFile();
        try
        {
            using var document = JsonDocument.Parse(json);
            var catalogue = new CatalogueReader(data).Read(document.RootElement);
            return (data.Problems.Count == 0 ? catalogue : null, data.Problems);
        }
        catch (JsonException broken)
        {
            return (
                null,
                [
                    new(
                        "",
                        $"Not JSON: error in line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1}."
                    ),
                ]
            );
        }
    }

    private ModelCatalogue? Read(JsonElement root)
    {
        file.Known(root, "", "models", "aliases");
        List<Model> models = [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (var (element, path) in file.Items(root, "models", ""))
        {
            if (Model(element, path) is { } model)
            {
                if (!keys.Add(model.Key))
                {
                    file.Problem(path, $"'{model.Key}' is there twice.");
                }

                keys.Add(model.Id);
                models.Add(model);
            }
        }

        if (models.Count == 0)
        {
            file.Problem("models", "Must be an array of models.");
        }

        Dictionary<string, string> aliases = new(StringComparer.Ordinal);
        if (root.Child("aliases") is { ValueKind: JsonValueKind.Object } list)
        {
            foreach (var alias in list.EnumerateObject())
            {
                if (
                    alias.Value.ValueKind != JsonValueKind.String
                    || !keys.Contains(alias.Value.GetString()!)
                )
                {
                    file.Problem(
                        $"aliases.{alias.Name}",
                        "Must be the id of a model that is there."
                    );
                }
                else if (keys.Contains(alias.Name))
                {
                    file.Problem($"aliases.{alias.Name}", "Is the id of a model.");
                }
                else
                {
                    aliases[alias.Name] = alias.Value.GetString()!;
                }
            }
        }

        return file.Problems.Count == 0 ? new(models, aliases) : null;
    }

    private Model? Model(JsonElement element, string path)
    {
        file.Known(
            element,
            path,
            "provider",
            "id",
            "kind",
            "context",
            "maxOutput",
            "abilities",
            "efforts",
            "prices"
        );
        var provider = file.Required(element, path, "provider");
        var id = file.Required(element, path, "id");
        var kind = Enum.TryParse<ModelKind>(
            element.Text("kind") ?? "",
            ignoreCase: true,
            out var known
        )
            ? known
            : (ModelKind?)null;
        if (kind is null)
        {
            file.Problem(
                $"{path}.kind",
                $"Must be one of {string.Join(", ", Enum.GetNames<ModelKind>())}."
            );
        }

        var prices = new PriceReader(file).Read(element, path);
        return provider is null || id is null || kind is null
            ? null
            : new(
                provider,
                id,
                kind.Value,
                file.Tokens(element, path, "context"),
                file.Tokens(element, path, "maxOutput"),
                AbilitiesOf(element, path, kind.Value),
                prices
            );
    }

    private Abilities AbilitiesOf(JsonElement element, string path, ModelKind kind)
    {
        HashSet<string> has = new(StringComparer.Ordinal);
        foreach (var ability in element.Items("abilities"))
        {
            var word = ability.ValueKind == JsonValueKind.String ? ability.GetString()! : "";
            if (
                word
                is "tools"
                    or "vision"
                    or "jsonSchema"
                    or "streaming"
                    or "reasoning"
                    or "noSampling"
                    or "budget"
            )
            {
                has.Add(word);
            }
            else
            {
                file.Problem(
                    $"{path}.abilities",
                    $"'{word}' is none of tools, vision, jsonSchema, streaming, reasoning, noSampling, budget."
                );
            }
        }

        List<Effort> efforts = [];
        foreach (var effort in element.Items("efforts"))
        {
            if (Enum.TryParse<Effort>(effort.ToString(), ignoreCase: true, out var known))
            {
                efforts.Add(known);
            }
            else
            {
                file.Problem(
                    $"{path}.efforts",
                    $"Must be of {string.Join(", ", Enum.GetNames<Effort>())}."
                );
            }
        }

        var abilities = new Abilities
        {
            Tools = has.Contains("tools"),
            Vision = has.Contains("vision"),
            JsonSchema = has.Contains("jsonSchema"),
            Streaming = kind == ModelKind.Chat && has.Contains("streaming"),
            Reasoning = has.Contains("reasoning"),
            Sampling = !has.Contains("noSampling"),
            ThinksByBudget = has.Contains("budget"),
        };
        return efforts.Count == 0 ? abilities : abilities with { Efforts = [.. efforts.Order()] };
    }
}
