using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Messages;

internal static class MessagesToolWriter
{
    public static void Write(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        if (request.Tools.Count == 0)
        {
            return;
        }

        var allowed = (request.ToolChoice as ToolChoice.Allowed)?.Names;
        json.WriteStartArray("tools"u8);
        foreach (var tool in writing.OwnTools(FormatNames.Messages))
        {
            tool.Raw.WriteTo(json);
        }

        foreach (var tool in writing.Functions(FormatNames.Messages))
        {
            // It has no subset to choose from: the others are not offered.
            if (allowed?.Contains(tool.Name) != false)
            {
                Function(json, tool);
            }
        }

        json.WriteEndArray();
        Choice(json, request);
    }

    private static void Function(Utf8JsonWriter json, FunctionTool tool)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is not null)
        {
            json.WriteString("description"u8, tool.Description);
        }

        json.WritePropertyName("input_schema"u8);
        if (tool.Parameters is { } parameters)
        {
            parameters.WriteTo(json);
        }
        else
        {
            json.WriteRawValue("""{"type":"object","properties":{}}"""u8);
        }

        if (tool.Strict is { } strict)
        {
            json.WriteBoolean("strict"u8, strict);
        }

        json.WriteMark(tool.Cache);
        json.WriteEndObject();
    }

    private static void Choice(Utf8JsonWriter json, HubRequest request)
    {
        if (request.ToolChoice is null && request.ParallelToolCalls is not false)
        {
            return;
        }

        json.WriteStartObject("tool_choice"u8);
        json.WriteString(
            "type"u8,
            request.ToolChoice switch
            {
                ToolChoice.None => "none"u8,
                ToolChoice.Required or ToolChoice.Allowed { MustCall: true } => "any"u8,
                ToolChoice.Named => "tool"u8,
                _ => "auto"u8,
            }
        );
        if (request.ToolChoice is ToolChoice.Named named)
        {
            json.WriteString("name"u8, named.Name);
        }

        if (request.ParallelToolCalls is { } parallel && request.ToolChoice is not ToolChoice.None)
        {
            json.WriteBoolean("disable_parallel_tool_use"u8, !parallel);
        }

        json.WriteEndObject();
    }
}
