using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>Reads <c>POST /v1/chat/completions</c>.</summary>
internal static class ChatRequestReader
{
    // They steer the provider's caches, storage and abuse detection, not the answer.
    private static readonly HashSet<string> Harmless =
    [
        "store",
        "prompt_cache_key",
        "prompt_cache_retention",
        "prompt_cache_options",
        "safety_identifier",
    ];

    public static ReadOutcome Read(ReadOnlyMemory<byte> body) =>
        RequestReading.Read(body, fields => Read(fields, body));

    private static HubRequest Read(RequestFields fields, ReadOnlyMemory<byte> body)
    {
        var stream = fields.Object("stream_options");
        var limit = fields.Integer("max_completion_tokens", 1);
        var request = new HubRequest
        {
            Model = fields.Text("model", required: true) ?? "",
            Messages = ChatMessageReader.Read(fields),
            Tools = [.. fields.Objects("tools").Select(ChatToolReader.Tool)],
            ToolChoice = ChatToolReader.Choice(fields),
            ParallelToolCalls = fields.Flag("parallel_tool_calls"),
            Output = Output(fields),
            Sampling = SamplingOf(fields),
            Stop = fields.Texts("stop"),
            MaxOutputTokens = fields.Integer("max_tokens", 1) is { } old ? limit ?? old : limit,
            Reasoning = Reasoning(fields),
            Verbosity = fields.Text("verbosity"),
            Metadata = MetadataOf(fields),
            User = fields.Text("user"),
            Tier = Tier(fields),
            Stream = fields.Flag("stream") ?? false,
            StreamUsage = stream?.Flag("include_usage") ?? false,
            Source = new(FormatNames.ChatCompletions, body),
        };
        ChatToolReader.CheckChoice(fields, request);
        return request with { Extras = fields.Rest(Harmless) };
    }

    private static Sampling SamplingOf(RequestFields fields) =>
        new()
        {
            Temperature = fields.Number("temperature", 0, 2),
            TopP = fields.Number("top_p", 0, 1),
            TopK = fields.Integer("top_k"),
            FrequencyPenalty = fields.Number("frequency_penalty", -2, 2),
            PresencePenalty = fields.Number("presence_penalty", -2, 2),
            Seed = fields.Integer("seed", long.MinValue),
            LogitBias = fields.Raw("logit_bias") is { } bias ? RawJson.Of(bias) : null,
            LogProbabilities = fields.Flag("logprobs"),
            TopLogProbabilities = fields.Integer("top_logprobs"),
            Choices = fields.Integer("n", 1),
        };

    private static ReasoningRequest? Reasoning(RequestFields fields) =>
        Efforts.Read(fields, "reasoning_effort") is { } effort
            ? new ReasoningRequest(effort)
            : null;

    internal static ServiceTier Tier(RequestFields fields) =>
        fields.Word(
            "service_tier",
            ("auto", ServiceTier.Default),
            ("default", ServiceTier.Default),
            ("standard_only", ServiceTier.Default),
            ("scale", ServiceTier.Default),
            ("flex", ServiceTier.Flex),
            ("priority", ServiceTier.Priority)
        ) ?? ServiceTier.Default;

    internal static Dictionary<string, string> MetadataOf(RequestFields fields)
    {
        var found = new Dictionary<string, string>(StringComparer.Ordinal);
        if (fields.Object("metadata") is not { } metadata)
        {
            return found;
        }

        foreach (var property in metadata.Element.EnumerateObject())
        {
            if (metadata.Text(property.Name) is { } value)
            {
                found[property.Name] = value;
            }
        }

        return found;
    }

    private static OutputFormat? Output(RequestFields fields)
    {
        if (fields.Object("response_format") is not { } format)
        {
            return null;
        }

        switch (format.Text("type", required: true))
        {
            case "json_object":
                return new OutputFormat.Json();
            case "json_schema" when format.Object("json_schema", required: true) is { } schema:
                return Schema(schema);
            case "text" or "json_schema" or null:
                return null;
            default:
                format.Wrong<string>("type", "'text', 'json_object' or 'json_schema'");
                return null;
        }
    }

    internal static OutputFormat.Schema? Schema(RequestFields fields)
    {
        var name = fields.Text("name", required: true);
        var schema = fields.Object("schema");
        return new(
            name,
            fields.Text("description"),
            schema is null ? RawJson.EmptyObject : RawJson.Of(schema.Element),
            fields.Flag("strict")
        );
    }
}
