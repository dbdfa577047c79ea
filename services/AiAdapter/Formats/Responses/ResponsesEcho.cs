using System.Text.Json;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Parts of a request in this format: sent to a provider, and repeated in each answer.</summary>
internal static class ResponsesEcho
{
    public static void Function(Utf8JsonWriter json, FunctionTool tool)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "function"u8);
        json.WriteString("name"u8, tool.Name);
        if (tool.Description is not null)
        {
            json.WriteString("description"u8, tool.Description);
        }

        json.WritePropertyName("parameters"u8);
        if (tool.Parameters is { } parameters)
        {
            parameters.WriteTo(json);
        }
        else
        {
            json.WriteNullValue();
        }

        // The default there is strict, and elsewhere it is not.
        json.WriteBoolean("strict"u8, tool.Strict ?? false);
        json.WriteEndObject();
    }

    public static void Choice(Utf8JsonWriter json, ToolChoice choice)
    {
        switch (choice)
        {
            case ToolChoice.None:
                json.WriteString("tool_choice"u8, "none"u8);
                break;
            case ToolChoice.Required:
                json.WriteString("tool_choice"u8, "required"u8);
                break;
            case ToolChoice.Named named:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "function"u8);
                json.WriteString("name"u8, named.Name);
                json.WriteEndObject();
                break;
            case ToolChoice.Allowed allowed:
                json.WriteStartObject("tool_choice"u8);
                json.WriteString("type"u8, "allowed_tools"u8);
                json.WriteString("mode"u8, allowed.MustCall ? "required"u8 : "auto"u8);
                json.WriteStartArray("tools"u8);
                foreach (var name in allowed.Names)
                {
                    json.WriteStartObject();
                    json.WriteString("type"u8, "function"u8);
                    json.WriteString("name"u8, name);
                    json.WriteEndObject();
                }

                json.WriteEndArray();
                json.WriteEndObject();
                break;
            default:
                json.WriteString("tool_choice"u8, "auto"u8);
                break;
        }
    }

    public static void Text(Utf8JsonWriter json, HubRequest request)
    {
        json.WriteStartObject("text"u8);
        json.WriteStartObject("format"u8);
        if (request.Output is OutputFormat.Schema schema)
        {
            json.WriteString("type"u8, "json_schema"u8);
            json.WriteString("name"u8, schema.Name ?? "answer");
            if (schema.Description is not null)
            {
                json.WriteString("description"u8, schema.Description);
            }

            json.WritePropertyName("schema"u8);
            schema.Value.WriteTo(json);
            if (schema.Strict is { } strict)
            {
                json.WriteBoolean("strict"u8, strict);
            }
        }
        else
        {
            json.WriteString("type"u8, request.Output is null ? "text"u8 : "json_object"u8);
        }

        json.WriteEndObject();
        if (request.Verbosity is not null)
        {
            json.WriteString("verbosity"u8, request.Verbosity);
        }

        json.WriteEndObject();
    }
}
