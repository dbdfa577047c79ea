using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>
/// An object of a client's request: typed access that notes every problem with its place, and remembers what
/// was asked for, so that the rest is known to be unknown.
/// </summary>
internal sealed class RequestFields(JsonElement element, string path, List<RequestProblem> problems)
{
    private readonly HashSet<string> _taken = new(StringComparer.Ordinal);

    public string Path => path;

    public JsonElement Element => element;

    public List<RequestProblem> Problems => problems;

    public string At(string name) => path.Length == 0 ? name : $"{path}.{name}";

    /// <summary>The property's value; null if it is absent or JSON null.</summary>
    public JsonElement? Raw(string name)
    {
        _taken.Add(name);
        return element.Child(name);
    }

    public string? Text(string name, bool required = false)
    {
        var value = Raw(name);
        if (value is null && required)
        {
            Missing(name);
        }

        return value is { ValueKind: JsonValueKind.String } text ? text.Loose()
            : value is null ? null
            : Wrong<string>(name, "a string");
    }

    public double? Number(string name, double least, double most)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        var found =
            value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var number)
            && number >= least
            && number <= most;
        if (!found)
        {
            Wrong<string>(name, $"a number from {least} to {most}");
        }

        return found ? value.GetDouble() : null;
    }

    public long? Integer(string name, long least = 0)
    {
        if (Raw(name) is not { } value)
        {
            return null;
        }

        if (
            value.ValueKind == JsonValueKind.Number
            && value.TryGetInt64(out var number)
            && number >= least
        )
        {
            return number;
        }

        Wrong<string>(name, $"a whole number of at least {least}");
        return null;
    }

    public bool? Flag(string name)
    {
        switch (Raw(name))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.True }:
                return true;
            case { ValueKind: JsonValueKind.False }:
                return false;
            default:
                Wrong<string>(name, "true or false");
                return null;
        }
    }

    public RequestFields? Object(string name, bool required = false)
    {
        var value = Raw(name);
        if (value is { ValueKind: JsonValueKind.Object } found)
        {
            return new(found, At(name), problems);
        }

        if (value is not null)
        {
            Wrong<string>(name, "an object");
        }
        else if (required)
        {
            Missing(name);
        }

        return null;
    }

    /// <summary>The objects of an array; what is no object is a problem.</summary>
    public IEnumerable<RequestFields> Objects(string name, bool required = false)
    {
        var value = Raw(name);
        if (value is not { ValueKind: JsonValueKind.Array } array)
        {
            if (value is not null)
            {
                Wrong<string>(name, "an array");
            }
            else if (required)
            {
                Missing(name);
            }

            yield break;
        }

        var index = 0;
        foreach (var item in array.EnumerateArray())
        {
            var at = $"{At(name)}[{index++}]";
            if (item.ValueKind == JsonValueKind.Object)
            {
                yield return new(item, at, problems);
            }
            else
            {
                problems.Add(new(at, "Must be an object.", ProblemReason.Invalid));
            }
        }
    }

    /// <summary>A list of strings, or one string where the format allows that.</summary>
    public IReadOnlyList<string> Texts(string name)
    {
        switch (Raw(name))
        {
            case null:
                return [];
            case { ValueKind: JsonValueKind.String } one:
                return [one.Loose()];
            case { ValueKind: JsonValueKind.Array } array
                when array.EnumerateArray().All(item => item.ValueKind == JsonValueKind.String):
                return [.. array.EnumerateArray().Select(item => item.Loose())];
            default:
                Wrong<string>(name, "a string or an array of strings");
                return [];
        }
    }

    /// <summary>One of a list of words.</summary>
    public T? Word<T>(string name, params (string Word, T Value)[] words)
        where T : struct
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        foreach (var (word, value) in words)
        {
            if (word == text)
            {
                return value;
            }
        }

        Wrong<string>(name, string.Join(", ", words.Select(word => $"'{word.Word}'")));
        return null;
    }

    /// <summary>Marks properties as read without reading them.</summary>
    public void Ignore(params ReadOnlySpan<string> names)
    {
        foreach (var name in names)
        {
            _taken.Add(name);
        }
    }

    /// <summary>What nobody asked for, null values aside.</summary>
    public IReadOnlyList<Extra> Rest(IReadOnlySet<string> harmless) =>
        [
            .. element
                .EnumerateObject()
                .Where(property =>
                    !_taken.Contains(property.Name)
                    && property.Value.ValueKind != JsonValueKind.Null
                )
                .Select(property => new Extra(
                    property.Name,
                    RawJson.Of(property.Value),
                    harmless.Contains(property.Name)
                )),
        ];

    public void Missing(string name) =>
        problems.Add(new(At(name), "Is required.", ProblemReason.Missing));

    public T? Wrong<T>(string name, string right)
        where T : class
    {
        problems.Add(new(At(name), $"Must be {right}.", ProblemReason.Invalid));
        return null;
    }
}
