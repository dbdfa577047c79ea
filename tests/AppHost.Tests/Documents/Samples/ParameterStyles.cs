using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Documents.Plain;

namespace ApiSvc.AppHost.Tests.Documents.Samples;

/// <summary>Writes values of parameters (OpenAPI 3.1 section 4.8.12.3).</summary>
internal static class ParameterStyles
{
    /// <summary>What stands in place of the parameter's name in braces.</summary>
    public static string InPath(PlainParameter parameter, JsonNode value) =>
        (parameter.Style, parameter.Explode) switch
        {
            ("label", true) => "." + Join(value, ".", "=", Encode),
            ("label", false) => "." + Join(value, ",", ",", Encode),
            (_, var explode) => Join(value, ",", explode ? "=" : ",", Encode),
        };

    /// <summary>Without ampersands; each an encoded name, an equals sign and an encoded value.</summary>
    public static IEnumerable<string> InQuery(PlainParameter parameter, JsonNode value)
    {
        var name = Encode(parameter.Name);
        if (parameter.IsJson)
        {
            return [$"{name}={Encode(value.ToJsonString())}"];
        }

        return (parameter.Style, parameter.Explode, value) switch
        {
            ("deepObject", _, JsonObject fields) => fields.Select(f =>
                $"{Encode($"{parameter.Name}[{f.Key}]")}={Encode(Text(f.Value))}"
            ),
            ("deepObject", _, JsonArray items) => items.Select(i =>
                $"{Encode($"{parameter.Name}[]")}={Encode(Text(i))}"
            ),
            (_, true, JsonObject fields) => fields.Select(f =>
                $"{Encode(f.Key)}={Encode(Text(f.Value))}"
            ),
            (_, true, JsonArray items) => items.Select(i => $"{name}={Encode(Text(i))}"),
            ("spaceDelimited", _, _) => [$"{name}={Join(value, "%20", "%20", Encode)}"],
            ("pipeDelimited", _, _) => [$"{name}={Join(value, "%7C", "%7C", Encode)}"],
            _ => [$"{name}={Join(value, ",", ",", Encode)}"],
        };
    }

    public static string InHeader(PlainParameter parameter, JsonNode value) =>
        parameter.IsJson
            ? value.ToJsonString()
            : Join(value, ",", parameter.Explode ? "=" : ",", text => text);

    /// <summary>Pairs of the field <c>Cookie</c>.</summary>
    public static IEnumerable<string> InCookie(PlainParameter parameter, JsonNode value) =>
        (parameter.Explode, value) switch
        {
            (true, JsonObject fields) => fields.Select(f => $"{f.Key}={Encode(Text(f.Value))}"),
            (true, JsonArray items) => items.Select(i => $"{parameter.Name}={Encode(Text(i))}"),
            _ => [$"{parameter.Name}={Join(value, "%2C", "%2C", Encode)}"],
        };

    /// <summary>A value in a form of <c>application/x-www-form-urlencoded</c>, nested ones by brackets.</summary>
    public static IEnumerable<string> InForm(string name, JsonNode? value) =>
        value switch
        {
            JsonObject fields => fields.SelectMany(f => InForm($"{name}[{f.Key}]", f.Value)),
            JsonArray items => items.SelectMany((item, i) => InForm($"{name}[{i}]", item)),
            _ => [$"{Form(name)}={Form(Text(value))}"],
        };

    /// <summary>A scalar as it is; a list or an object, which no style knows inside of another, as JSON.</summary>
    public static string Text(JsonNode? value) =>
        value switch
        {
            null => "null",
            JsonValue scalar => scalar.ToString(),
            _ => value.ToJsonString(),
        };

    private static string Join(
        JsonNode value,
        string between,
        string afterName,
        Func<string, string> encode
    ) =>
        value switch
        {
            JsonObject fields => string.Join(
                between,
                fields.Select(f => encode(f.Key) + afterName + encode(Text(f.Value)))
            ),
            JsonArray items => string.Join(between, items.Select(i => encode(Text(i)))),
            _ => encode(Text(value)),
        };

    // All but the unreserved characters of RFC 3986, section 2.3.
    private static string Encode(string text) => Uri.EscapeDataString(text);

    private static string Form(string text) =>
        Encode(text).Replace("%20", "+", StringComparison.Ordinal);
}
