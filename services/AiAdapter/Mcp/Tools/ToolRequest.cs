using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiSvc.AiAdapter.Mcp.Tools;

/// <summary>What a call of a tool asks the API.</summary>
internal static class ToolRequest
{
    // Of the connection, of framing, and what says who calls: not a model's to set.
    private static readonly HashSet<string> Refused = new(StringComparer.OrdinalIgnoreCase)
    {
        "Authorization",
        "Connection",
        "Content-Length",
        "Content-Type",
        "Cookie",
        "Host",
        "Transfer-Encoding",
        "Upgrade",
        "X-Api-Key",
    };

    /// <returns>The request, or what is wrong with the arguments, for the model to mend.</returns>
    public static (HttpRequestMessage? Request, string? Fault) Make(
        Uri gateway,
        ToolSet set,
        Tool tool,
        JsonElement arguments
    )
    {
        if (FaultOf(tool, arguments) is { } fault)
        {
            return (null, fault);
        }

        var path = tool.PathTemplate;
        var query = new StringBuilder();
        var headers = new List<(string Name, string Value)>();
        foreach (var parameter in tool.Parameters)
        {
            if (
                arguments.ValueKind != JsonValueKind.Object
                || !arguments.TryGetProperty(parameter.Argument, out var value)
                || value.ValueKind == JsonValueKind.Null
            )
            {
                continue;
            }

            switch (parameter.Place)
            {
                case ParameterPlace.Path:
                    var text = TextOf(value);
                    if (text.Length == 0 || text is "." or "..")
                    {
                        return (null, $"The argument '{parameter.Argument}' is no part of a path.");
                    }

                    path = path.Replace(
                        $"{{{parameter.Name}}}",
                        Uri.EscapeDataString(text),
                        StringComparison.Ordinal
                    );
                    break;
                case ParameterPlace.Query:
                    AddQuery(query, parameter, value);
                    break;
                default:
                    if (!Refused.Contains(parameter.Name))
                    {
                        headers.Add((parameter.Name, TextOf(value)));
                    }

                    break;
            }
        }

        return (Build(gateway, set.BasePath + path, query, headers, tool, arguments), null);
    }

    // What a schema says of values is the API's to judge; what it cannot see is judged here.
    private static string? FaultOf(Tool tool, JsonElement arguments)
    {
        if (arguments.ValueKind is not (JsonValueKind.Undefined or JsonValueKind.Object))
        {
            return "Arguments are an object.";
        }

        var given =
            arguments.ValueKind == JsonValueKind.Object
                ? arguments
                    .EnumerateObject()
                    .Where(a => a.Value.ValueKind != JsonValueKind.Null)
                    .Select(a => a.Name)
                    .ToHashSet(StringComparer.Ordinal)
                : [];
        var known = (JsonObject)tool.InputSchema["properties"]!;
        if (given.FirstOrDefault(name => !known.ContainsKey(name)) is { } foreign)
        {
            return $"There is no argument '{foreign}'; there are: {string.Join(", ", known.Select(k => k.Key))}.";
        }

        return
            (tool.InputSchema["required"] as JsonArray)
                ?.Select(r => (string)r!)
                .FirstOrDefault(name => !given.Contains(name))
                is { } missing
            ? $"The argument '{missing}' is missing."
            : null;
    }

    private static HttpRequestMessage Build(
        Uri gateway,
        string path,
        StringBuilder query,
        List<(string Name, string Value)> headers,
        Tool tool,
        JsonElement arguments
    )
    {
        var request = new HttpRequestMessage(
            new HttpMethod(tool.Method),
            new Uri(gateway.GetLeftPart(UriPartial.Authority) + path + query)
        );
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("*/*", 0.5));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (
            tool.Body is { } body
            && arguments.ValueKind == JsonValueKind.Object
            && arguments.TryGetProperty(body, out var content)
        )
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(content))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        return request;
    }

    private static void AddQuery(StringBuilder query, ToolParameter parameter, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Array && parameter.Explode)
        {
            foreach (var item in value.EnumerateArray())
            {
                Add(TextOf(item));
            }

            return;
        }

        Add(TextOf(value));

        void Add(string text) =>
            query.Append(
                CultureInfo.InvariantCulture,
                $"{(query.Length == 0 ? '?' : '&')}{Uri.EscapeDataString(parameter.Name)}={Uri.EscapeDataString(text)}"
            );
    }

    // Simple style: items of a list by commas.
    private static string TextOf(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => value.GetString()!,
            JsonValueKind.Array => string.Join(',', value.EnumerateArray().Select(TextOf)),
            JsonValueKind.Object => value.GetRawText(),
            _ => value.GetRawText(),
        };
}
