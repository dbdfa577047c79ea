using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Formats.Bedrock;

internal static class BedrockToolWriter
{
    public static void Write(Utf8JsonWriter json, RequestWriting writing)
    {
        var request = writing.Request;
        var used = request
            .Messages.SelectMany(message => message.Content)
            .OfType<ToolUseBlock>()
            .Select(call => call.Name)
            .Distinct(StringComparer.Ordinal)
            .ToList();
        if (request.ToolChoice is ToolChoice.None)
        {
            // It has no word for "call none" but to offer none, which a history of calls forbids.
            writing.Lacks(used.Count > 0, Feature.ToolChoice);
            return;
        }

        var allowed = (request.ToolChoice as ToolChoice.Allowed)?.Names;
        var tools = writing
            .Functions(FormatNames.Bedrock)
            .Where(tool => allowed?.Contains(tool.Name) != false)
            .ToList();

        // A history of calls needs the tools, also where they are no longer offered.
        tools.AddRange(
            used.Where(name => tools.TrueForAll(tool => tool.Name != name))
                .Select(name => new FunctionTool(name, null, null))
        );
        if (tools.Count == 0)
        {
            return;
        }

        json.WriteStartObject("toolConfig"u8);
        json.WriteStartArray("tools"u8);
        foreach (var tool in tools)
        {
            Function(json, tool);
        }

        json.WriteEndArray();
        Choice(json, request.ToolChoice);
        json.WriteEndObject();
    }

    private static void Function(Utf8JsonWriter json, FunctionTool tool)
    {
        json.WriteStartObject();
        json.WriteStartObject("toolSpec"u8);
        json.WriteString("name"u8, tool.Name);
        if (!string.IsNullOrEmpty(tool.Description))
        {
            json.WriteString("description"u8, tool.Description);
        }

        json.WriteStartObject("inputSchema"u8);
        json.WritePropertyName("json"u8);
        if (tool.Parameters is { } parameters)
        {
            parameters.WriteTo(json);
        }
        else
        {
            json.WriteRawValue("""{"type":"object","properties":{}}"""u8);
        }

        json.WriteEndObject();
        json.WriteEndObject();
        json.WriteEndObject();
        BedrockContentWriter.CachePoint(json, tool.Cache);
    }

    private static void Choice(Utf8JsonWriter json, ToolChoice? choice)
    {
        switch (choice)
        {
            case ToolChoice.Named named:
                json.WriteStartObject("toolChoice"u8);
                json.WriteStartObject("tool"u8);
                json.WriteString("name"u8, named.Name);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            case ToolChoice.Required or ToolChoice.Allowed { MustCall: true }:
                json.WriteStartObject("toolChoice"u8);
                json.WriteStartObject("any"u8);
                json.WriteEndObject();
                json.WriteEndObject();
                break;
            default:
                break;
        }
    }
}
