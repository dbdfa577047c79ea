using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

internal static class ChatToolWriter
{
    public static void Write(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        if (request.Tools.Count == 0)
        {
            return;
        }

        json.WriteStartArray("tools"u8);
        foreach (var raw in writing.OwnTools(FormatNames.ChatCompletions))
        {
            raw.Raw.WriteTo(json);
        }

        foreach (var tool in writing.Functions(FormatNames.ChatCompletions))
        {
            Function(json, tool, writing.Deployment.Provider.Quirks.NoStrictTools);
        }

        json.WriteEndArray();
        if (request.ToolChoice is { } choice)
        {
            Choice(json, choice, writing.Deployment.Provider.Quirks.RequiredTool);
        }

        if (
            request.ParallelToolCalls is { } parallel
            && !writing.Deployment.Provider.Quirks.Lacks.Contains(Feature.ParallelToolCalls)
        )
        {
            json.WriteBoolean("parallel_tool_calls"u8, parallel);
        }
    }

    private static void Function(Utf8JsonWriter json, FunctionTool tool, bool noStrict)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is not null)
        {
            json.WriteString("description"u8, tool.Description);
        }

        if (tool.Parameters is { } parameters)
        {
            json.WritePropertyName("parameters"u8);
            parameters.WriteTo(json);
        }

        if (tool.Strict is { } strict && !noStrict)
        {
            json.WriteBoolean("strict"u8, strict);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Choice(Utf8JsonWriter json, ToolChoice choice, string required)
    {
        switch (choice)
        {
            case ToolChoice.Auto:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
            case ToolChoice.None:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case ToolChoice.Required:
                json.WriteString("tool_choice"u8, required);
                break;
            case ToolChoice.Named named:
                json.WriteStartObject("tool_choice"u8);
                Named(json, named.Name);
                json.WriteEndObject();
                break;
            case ToolChoice.Allowed allowed:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "allowed_tools"u8);
                json.WriteStartObject("allowed_tools"u8);
                json.WriteString("mode"u8, allowed.MustCall ? "required"u8 : "auto"u8);
                json.WriteStartArray("tools"u8);
                foreach (var name in allowed.Names)
                {
                    json.WriteStartObject();
                    Named(json, name);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                json.WriteEndObject();
                break;
        }
    }

    private static void Named(Utf8JsonWriter json, string name)
    {
        json.WriteString("type"u8, "function"u8);
        json.WriteStartObject("function"u8);
        json.WriteString("name"u8, name);
        json.WriteEndObject();
    }
}
