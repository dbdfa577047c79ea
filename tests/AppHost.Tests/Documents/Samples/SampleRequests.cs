using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Makes requests of a document, which leave out what may be left out only where that is much.</summary>
internal sealed class SampleRequests(PlainDocument document)
{
    private const int FewOptional = 4;

    private readonly Dictionary<string, SampleValues> _values = [];

    /// <returns>Null where none is known to be allowed.</returns>
    public SampleRequest? TryMake(PlainOperation operation)
    {
        var parts = new Parts(operation.Path);
        var traits = new List<string> { operation.Method };
        var takesOptional = operation.Parameters.Count(p => !p.Required) <= FewOptional;
        foreach (var parameter in operation.Parameters.Where(p => p.Required || takesOptional))
        {
            if (TryValue(parameter, out var value))
            {
                parts.Add(parameter, value);
                traits.Add(
                    $"{parameter.Place} {parameter.Style} {parameter.Explode} {value.GetValueKind()}"
                );
            }
            else if (parameter.Required)
            {
                return null;
            }
        }

        var (mediaType, bytes) = ("", (byte[]?)null);
        if (operation.Body is { } body && IsSent(operation.Method, body))
        {
            if (!SampleBodies.TryMake(document, body, out mediaType, out bytes))
            {
                return null;
            }

            traits.Add(mediaType);
        }

        // Some documents forget to declare what their paths have in braces.
        return parts.Target.Contains('{', StringComparison.Ordinal)
            ? null
            : new(operation, parts.Target, parts.Fields, mediaType, bytes, traits);
    }

    private static bool IsSent(string method, PlainBody body) =>
        body.Required || method is "POST" or "PUT" or "PATCH";

    private bool TryValue(PlainParameter parameter, [NotNullWhen(true)] out JsonNode? value)
    {
        if (!_values.TryGetValue(parameter.Place, out var values))
        {
            _values[parameter.Place] = values = new(document, parameter.Place);
        }

        return values.TryMake(parameter.Schema, out value) && value is not null;
    }

    private sealed class Parts(string template)
    {
        private string _path = template;
        private readonly List<string> _query = [];
        private readonly List<string> _cookies = [];
        private readonly List<(string Name, string Value)> _fields = [];

        public string Target => _query.Count > 0 ? $"{_path}?{string.Join('&', _query)}" : _path;

        public IReadOnlyList<(string Name, string Value)> Fields =>
            _cookies.Count > 0 ? [.. _fields, ("Cookie", string.Join("; ", _cookies))] : _fields;

        public void Add(PlainParameter parameter, JsonNode value)
        {
            switch (parameter.Place)
            {
                case "path":
                    _path = _path.Replace(
                        $"{{{parameter.Name}}}",
                        ParameterStyles.InPath(parameter, value),
                        StringComparison.Ordinal
                    );
                    break;
                case "query":
                    _query.AddRange(ParameterStyles.InQuery(parameter, value));
                    break;
                case "header":
                    _fields.Add((parameter.Name, ParameterStyles.InHeader(parameter, value)));
                    break;
                default:
                    _cookies.AddRange(ParameterStyles.InCookie(parameter, value));
                    break;
            }
        }
    }
}
