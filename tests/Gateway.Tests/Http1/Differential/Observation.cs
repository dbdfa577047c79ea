using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>What client and upstream saw of a call through one lane, in a form in which two lanes can be compared.</summary>
internal sealed class Observation
{
    // Ids are made anew for each call.
    private static readonly HashSet<string> Ids = new(StringComparer.OrdinalIgnoreCase)
    {
        "X-Request-Id",
        "traceparent",
    };

    private readonly SortedDictionary<string, string> _parts = new(StringComparer.Ordinal);

    public Observation(WireAnswer answer, bool stays, SeenRequest? seen)
    {
        _parts["status"] = $"{answer.Status}";
        _parts["connection"] = stays ? "stays" : "ends";
        _parts["end"] = $"{answer.End}";
        _parts["body"] = answer.Problem ?? answer.Text;
        _parts["before"] = string.Join(',', answer.Before.Select(b => b.Status));
        AddFields("answer ", answer.Fields, answer.Problem is not null);
        AddFields("answer trailer ", answer.Trailers, false);
        _parts["reached"] = $"{seen is not null}";
        if (seen is not null)
        {
            _parts["method"] = seen.Method;
            _parts["target"] = seen.Target;
            _parts["request body"] = seen.BodyText;
            AddFields("request ", seen.Fields, false);
            AddFields("request trailer ", seen.Trailers, false);
        }
    }

    /// <summary>Leaves out what differs on purpose.</summary>
    public void Ignore(params string[] parts)
    {
        foreach (var part in parts)
        {
            _parts.Remove(part);
        }
    }

    public string? this[string part] => _parts.GetValueOrDefault(part);

    /// <summary>What is not the same in both.</summary>
    public IEnumerable<string> Differences(Observation other) =>
        from part in _parts.Keys.Union(other._parts.Keys)
        let mine = this[part]
        let theirs = other[part]
        where mine != theirs
        select $"{part}: {Short(mine)} | {Short(theirs)}";

    // Lines of one name are one list, whether sent as one line or as several (RFC 9110 section 5.2).
    private void AddFields(
        string kind,
        IReadOnlyList<(string Name, string Value)> fields,
        bool isProblem
    )
    {
        foreach (var lines in fields.GroupBy(f => f.Name.ToLowerInvariant()))
        {
            // A problem's length depends on nothing but its id.
            if (!Ids.Contains(lines.Key) && !(isProblem && lines.Key == "content-length"))
            {
                _parts[kind + lines.Key] = string.Join(
                    lines.Key == "cookie" ? "; " : ", ",
                    lines.Select(l => l.Value)
                );
            }
        }
    }

    private static string Short(string? text) =>
        text is null ? "nothing"
        : text.Length > 80 ? text[..80] + $"… ({text.Length})"
        : text;
}
