using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

internal static class ChatToolReader
{
    public static Tool Tool(RequestFields fields)
    {
        var type = fields.Text("type", required: true);
        if (type is null or "function" && fields.Object("function", required: true) is { } function)
        {
            return Function(function);
        }

        return new ForeignTool(
            FormatNames.ChatCompletions,
            type ?? "function",
            RawJson.Of(fields.Element)
        );
    }

    public static FunctionTool Function(RequestFields fields)
    {
        var name = fields.Text("name", required: true) ?? "";
        return new(
            name,
            fields.Text("description"),
            fields.Object("parameters") is { } parameters ? RawJson.Of(parameters.Element) : null,
            fields.Flag("strict")
        );
    }

    public static ToolChoice? Choice(RequestFields fields)
    {
        switch (fields.Raw("tool_choice"))
        {
            case null:
                return null;
            case { ValueKind: System.Text.Json.JsonValueKind.String }:
                return Word(fields);
            default:
                return fields.Object("tool_choice") is { } choice ? Typed(choice) : null;
        }
    }

    /// <summary>A choice needs the tools it is about.</summary>
    public static void CheckChoice(RequestFields fields, HubRequest request)
    {
        var named = request.ToolChoice switch
        {
            ToolChoice.Named one => [one.Name],
            ToolChoice.Allowed some => some.Names,
            _ => Array.Empty<string>(),
        };
        var known = request.Tools.OfType<FunctionTool>().Select(tool => tool.Name).ToHashSet();
        foreach (var name in named.Where(name => !known.Contains(name)))
        {
            fields.Problems.Add(
                new("tool_choice", $"Names '{name}', which is not in tools.", ProblemReason.Invalid)
            );
        }

        if (request is { ToolChoice: ToolChoice.Required, Tools.Count: 0 })
        {
            fields.Problems.Add(
                new("tool_choice", "Requires a tool, and tools is empty.", ProblemReason.Invalid)
            );
        }
    }

    public static ToolChoice? Word(RequestFields fields)
    {
        switch (fields.Text("tool_choice"))
        {
            case "auto":
                return new ToolChoice.Auto();
            case "none":
                return new ToolChoice.None();
            case "required" or "any":
                return new ToolChoice.Required();
            default:
                return fields.Wrong<ToolChoice>(
                    "tool_choice",
                    "'none', 'auto', 'required' or an object"
                );
        }
    }

    private static ToolChoice? Typed(RequestFields choice)
    {
        switch (choice.Text("type", required: true))
        {
            case "function" when choice.Object("function", required: true) is { } function:
                return new ToolChoice.Named(function.Text("name", required: true) ?? "");
            case "allowed_tools" when choice.Object("allowed_tools", required: true) is { } some:
                var mode = some.Text("mode");
                var names = some.Objects("tools", required: true)
                    .Select(tool => tool.Object("function", required: true)?.Text("name") ?? "");
                return new ToolChoice.Allowed([.. names], mode == "required");
            default:
                return choice.Wrong<ToolChoice>("type", "'function' or 'allowed_tools'");
        }
    }
}
