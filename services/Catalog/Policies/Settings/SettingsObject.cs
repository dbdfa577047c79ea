using System.Globalization;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>
/// An object of settings, read strictly: every mistake becomes a violation and reading goes on, so that all are told at
/// once.
/// </summary>
internal sealed class SettingsObject
{
    private readonly JsonElement _element;
    private readonly string _location;
    private readonly List<Violation> _violations;
    private readonly bool _isObject;

    public SettingsObject(JsonElement element, string location, List<Violation> violations)
    {
        (_element, _location, _violations) = (element, location, violations);
        _isObject = element.ValueKind == JsonValueKind.Object;
        if (!_isObject && element.ValueKind != JsonValueKind.Undefined)
        {
            violations.Add(new(location, "wrong_type", "This is an object."));
        }
    }

    public void Only(params ReadOnlySpan<string> names)
    {
        if (!_isObject)
        {
            return;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var property in _element.EnumerateObject())
        {
            if (!names.Contains(property.Name))
            {
                Refuse(
                    property.Name,
                    "unknown_property",
                    $"There is no such setting; there are: {string.Join(", ", names.ToArray())}."
                );
            }
            else if (!seen.Add(property.Name))
            {
                Refuse(property.Name, "duplicate", "This is set more than once.");
            }
        }
    }

    public bool Has(string name) => Find(name) is not null;

    /// <summary>Text that must be there.</summary>
    public string? Text(string name, Func<string, string?>? wrong = null) =>
        Required(name) is { } value ? Text(value, Place(name), wrong) : null;

    /// <summary>Text that may be left out.</summary>
    public string OptionalText(string name, Func<string, string?>? wrong = null) =>
        Find(name) is { } value ? Text(value, Place(name), wrong) ?? "" : "";

    public IReadOnlyList<string> Texts(string name, Func<string, string?>? wrong = null)
    {
        var texts = new List<string>();
        foreach (var (place, item) in Items(name))
        {
            if (Text(item, place, wrong) is { } text)
            {
                if (texts.Contains(text, StringComparer.Ordinal))
                {
                    _violations.Add(new(place, "duplicate", $"'{text}' is in the list already."));
                }

                texts.Add(text);
            }
        }

        return texts;
    }

    public ulong Number(string name, ulong least, ulong most, ulong? otherwise = null)
    {
        var value = otherwise is null ? Required(name) : Find(name);
        if (value is not { } number)
        {
            return otherwise ?? 0;
        }

        if (
            number.ValueKind == JsonValueKind.Number
            && number.TryGetUInt64(out var read)
            && read >= least
            && read <= most
        )
        {
            return read;
        }

        Refuse(
            name,
            "out_of_range",
            string.Create(
                CultureInfo.InvariantCulture,
                $"This is a whole number from {least} to {most}."
            )
        );
        return least;
    }

    public bool Flag(string name)
    {
        if (Find(name) is not { } value)
        {
            return false;
        }

        if (value.ValueKind is not (JsonValueKind.True or JsonValueKind.False))
        {
            Refuse(name, "wrong_type", "This is true or false.");
        }

        return value.ValueKind == JsonValueKind.True;
    }

    /// <summary>One of a list of words.</summary>
    public T Choice<T>(string name, IReadOnlyDictionary<string, T> words, T? otherwise = null)
        where T : struct
    {
        var value = otherwise is null ? Required(name) : Find(name);
        if (value is not { } word)
        {
            return otherwise ?? default;
        }

        if (
            word.ValueKind == JsonValueKind.String
            && words.TryGetValue(word.GetString()!, out var chosen)
        )
        {
            return chosen;
        }

        Refuse(name, "unknown_value", $"This is one of: {string.Join(", ", words.Keys)}.");
        return default;
    }

    /// <summary>An object that must be there.</summary>
    public SettingsObject Object(string name) =>
        new(Required(name) ?? default, Place(name), _violations);

    public SettingsObject? OptionalObject(string name) =>
        Find(name) is { } value ? new(value, Place(name), _violations) : null;

    public IReadOnlyList<SettingsObject> Objects(string name) =>
        [.. Items(name).Select(item => new SettingsObject(item.Element, item.Place, _violations))];

    public void Refuse(string name, string code, string detail) =>
        _violations.Add(new(Place(name), code, detail));

    public void Refuse(string code, string detail) => _violations.Add(new(_location, code, detail));

    private List<(string Place, JsonElement Element)> Items(string name)
    {
        if (Find(name) is not { } list)
        {
            return [];
        }

        const int Most = 1000;
        if (list.ValueKind != JsonValueKind.Array)
        {
            Refuse(name, "wrong_type", "This is a list.");
            return [];
        }

        if (list.GetArrayLength() > Most)
        {
            Refuse(name, "too_many", $"A list may have {Most} entries.");
            return [];
        }

        return
        [
            .. list.EnumerateArray()
                .Select(
                    (item, index) => (FormattableString.Invariant($"{Place(name)}/{index}"), item)
                ),
        ];
    }

    private string? Text(JsonElement value, string place, Func<string, string?>? wrong)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _violations.Add(new(place, "wrong_type", "This is text."));
            return null;
        }

        const int Longest = 4096;
        var text = value.GetString()!;
        if ((text.Length > Longest ? "This is too long." : wrong?.Invoke(text)) is not { } mistake)
        {
            return text;
        }

        _violations.Add(new(place, "invalid", mistake));
        return null;
    }

    private JsonElement? Find(string name) =>
        _isObject
        && _element.TryGetProperty(name, out var value)
        && value.ValueKind != JsonValueKind.Null
            ? value
            : null;

    private JsonElement? Required(string name)
    {
        var value = Find(name);
        if (value is null && _isObject)
        {
            Refuse(name, "required", "This is needed.");
        }

        return value;
    }

    private string Place(string name) => $"{_location}/{Import.Source.SourceDocument.Escape(name)}";
}
