using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>Reads <c>POST /v1/responses</c>.</summary>
internal static class ResponsesRequestReader
{
    // They steer storage, caches, abuse detection and what is shown beside the answer.
    private static readonly HashSet<string> Harmless =
    [
        "store",
        "include",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "safety_identifier",
        "stream_options",
        "access_programs",
    ];

    public static ReadOutcome Read(ReadOnlyMemory<byte> body) =>
        RequestReading.Read(body, fields => Read(fields, body));

    private static HubRequest Read(RequestFields fields, ReadOnlyMemory<byte> body)
    {
        var text = fields.Object("text");
        var reasoning = fields.Object("reasoning");
        if (fields.Raw("input") is null)
        {
            fields.Missing("input");
        }

        // The default, said aloud.
        if (fields.Element.Text("truncation") == "disabled")
        {
            fields.Ignore("truncation");
        }

        var request = new HubRequest
        {
            Model = fields.Text("model", required: true) ?? "",
            Messages = [.. Instructions(fields), .. ResponsesItemReader.Read(fields)],
            Tools = [.. fields.Objects("tools").Select(Tool)],
            ToolChoice = Choice(fields),
            ParallelToolCalls = fields.Flag("parallel_tool_calls"),
            Output = text?.Object("format") is { } format ? Output(format) : null,
            Sampling = new()
            {
                Temperature = fields.Number("temperature", 0, 2),
                TopP = fields.Number("top_p", 0, 1),
                TopLogProbabilities = fields.Integer("top_logprobs"),
            },
            MaxOutputTokens = fields.Integer("max_output_tokens", 1),
            Reasoning = reasoning is null
                ? null
                : new(
                    Efforts.Read(reasoning, "effort"),
                    Show: reasoning.Text("summary") is { } summary ? summary != "none" : null
                ),
            Verbosity = text?.Text("verbosity"),
            Metadata = ChatRequestReader.MetadataOf(fields),
            User = fields.Text("user"),
            Tier = ChatRequestReader.Tier(fields),
            Stream = fields.Flag("stream") ?? false,
            StreamUsage = true,
            Source = new(FormatNames.Responses, body),
        };
        ChatToolReader.CheckChoice(fields, request);
        return request with { Extras = fields.Rest(Harmless) };
    }

    private static IEnumerable<Message> Instructions(RequestFields fields)
    {
        if (fields.Text("instructions") is { } instructions)
        {
            yield return new(Role.System, [new TextBlock(instructions) { At = "instructions" }]);
        }
    }

    private static Tool Tool(RequestFields fields) =>
        fields.Text("type", required: true) is { } type && type != "function"
            ? new ForeignTool(FormatNames.Responses, type, RawJson.Of(fields.Element))
            : ChatToolReader.Function(fields);

    private static ToolChoice? Choice(RequestFields fields)
    {
        switch (fields.Raw("tool_choice"))
        {
            case null:
                return null;
            case { ValueKind: JsonValueKind.String }:
                return ChatToolReader.Word(fields);
            default:
                return fields.Object("tool_choice") is { } choice ? Typed(choice) : null;
        }
    }

    private static ToolChoice? Typed(RequestFields choice)
    {
        switch (choice.Text("type", required: true))
        {
            case "function":
                return new ToolChoice.Named(choice.Text("name", required: true) ?? "");
            case "allowed_tools":
                var mode = choice.Text("mode");
                var names = choice
                    .Objects("tools", required: true)
                    .Select(tool => tool.Text("name", required: true) ?? "");
                return new ToolChoice.Allowed([.. names], mode == "required");
            default:
                return choice.Wrong<ToolChoice>("type", "'function' or 'allowed_tools'");
        }
    }

    private static OutputFormat? Output(RequestFields format)
    {
        switch (format.Text("type", required: true))
        {
            case "json_object":
                return new OutputFormat.Json();
            case "json_schema":
                return ChatRequestReader.Schema(format);
            case "text" or null:
                return null;
            default:
                return format.Wrong<OutputFormat>("type", "'text', 'json_object' or 'json_schema'");
        }
    }
}
