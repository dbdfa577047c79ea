using System.Text.Json;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Catalogue;

/// <summary>What is wrong in a data file, and where: <c>models[12].prices[0].input</c>.</summary>
internal sealed record DataProblem(string Path, string Message);

/// <summary>A data file that is being read: every problem is noted with its place.</summary>
internal sealed class DataFile
{
    private readonly List<DataProblem> _problems = [];

    public IReadOnlyList<DataProblem> Problems => _problems;

    public long? Tokens(JsonElement element, string path, string name)
    {
        if (element.Child(name) is not { } value)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var tokens)
            && tokens > 0
        )
        {
            return tokens;
        }

        Problem($"{path}.{name}", "Must be a positive number of tokens.");
        return null;
    }

    public string? Required(JsonElement element, string path, string name)
    {
        if (element.Text(name) is { Length: > 0 } text)
        {
            return text;
        }

        Problem($"{path}.{name}", "Is required: a string.");
        return null;
    }

    public IEnumerable<(JsonElement Element, string Path)> Items(
        JsonElement parent,
        string name,
        string path
    )
    {
        var at = path.Length == 0 ? name : $"{path}.{name}";
        var index = 0;
        foreach (var item in parent.Items(name))
        {
            var place = $"{at}[{index++}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return (item, place);
            }
            else
            {
                Problem(place, "Must be an object.");
            }
        }
    }

    // A misspelt price would be a price that is not there.
    public void Known(JsonElement element, string path, params ReadOnlySpan<string> names)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        foreach (var property in element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                Problem(
                    path.Length == 0 ? property.Name : $"{path}.{property.Name}",
                    $"Is unknown; known are {string.Join(", ", names.ToArray())}."
                );
            }
        }
    }

    public void Problem(string path, string message) => _problems.Add(new(path, message));
}
