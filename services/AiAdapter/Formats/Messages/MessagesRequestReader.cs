using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Reads <c>POST /v1/messages</c>.</summary>
internal static class MessagesRequestReader
{
    // They steer the provider's caches and bookkeeping, not the answer.
    private static readonly HashSet<string> Harmless =
    [
        "cache_control",
        "diagnostics",
        "user_profile_id",
        "workspace_id",
        "billing_policy",
    ];

    public static ReadOutcome Read(ReadOnlyMemory<byte> body, MessagesVersion version) =>
        RequestReading.Read(body, fields => Read(fields, body, version));

    private static HubRequest Read(
        RequestFields fields,
        ReadOnlyMemory<byte> body,
        MessagesVersion version
    )
    {
        var limit = fields.Integer("max_tokens", 1);
        if (limit is null && fields.Raw("max_tokens") is null)
        {
            fields.Missing("max_tokens");
        }

        var metadata = fields.Object("metadata");
        var choice = fields.Object("tool_choice");
        var request = new HubRequest
        {
            Model = fields.Text("model", required: true) ?? "",
            Messages = [.. System(fields), .. MessagesBlockReader.Messages(fields, version)],
            Tools = [.. fields.Objects("tools").Select(Tool)],
            ToolChoice = choice is null ? null : Choice(choice),
            ParallelToolCalls = choice?.Flag("disable_parallel_tool_use") is { } off ? !off : null,
            Output = Output(fields),
            Sampling =
                version == MessagesVersion.Second
                    ? Sampling.None
                    : new()
                    {
                        Temperature = fields.Number("temperature", 0, 1),
                        TopP = fields.Number("top_p", 0, 1),
                        TopK = fields.Integer("top_k"),
                    },
            Stop = fields.Texts("stop_sequences"),
            MaxOutputTokens = limit,
            Reasoning = Reasoning(fields, limit),
            User = metadata?.Text("user_id"),
            Tier =
                fields.Text("speed") == "fast"
                    ? ServiceTier.Priority
                    : ChatRequestReader.Tier(fields),
            Stream = fields.Flag("stream") ?? false,
            StreamUsage = true,
            Source = new(FormatNames.Messages, body, MessagesVersions.Word(version)),
        };
        if (version == MessagesVersion.Second)
        {
            MessagesVersions.Check(fields, request);
        }

        ChatToolReader.CheckChoice(fields, request);
        return request with { Extras = fields.Rest(Harmless) };
    }

    private static IEnumerable<Message> System(RequestFields fields)
    {
        switch (fields.Raw("system"))
        {
            case null:
                yield break;
            case { ValueKind: JsonValueKind.String } text:
                yield return new(Role.System, [new TextBlock(text.Loose()) { At = "system" }]);
                break;
            default:
                var blocks = fields.Objects("system").Select(MessagesBlockReader.Block).ToList();
                yield return new(Role.System, blocks);
                break;
        }
    }

    private static Tool Tool(RequestFields fields)
    {
        var type = fields.Text("type") ?? "custom";
        if (type != "custom")
        {
            return new ForeignTool(FormatNames.Messages, type, RawJson.Of(fields.Element));
        }

        var name = fields.Text("name", required: true) ?? "";
        return new FunctionTool(
            name,
            fields.Text("description"),
            fields.Object("input_schema", required: true) is { } schema
                ? RawJson.Of(schema.Element)
                : null,
            fields.Flag("strict"),
            CacheMarks.Read(fields)
        );
    }

    private static ToolChoice? Choice(RequestFields choice)
    {
        switch (choice.Text("type", required: true))
        {
            case "auto":
                return new ToolChoice.Auto();
            case "any":
                return new ToolChoice.Required();
            case "none":
                return new ToolChoice.None();
            case "tool":
                return new ToolChoice.Named(choice.Text("name", required: true) ?? "");
            default:
                return choice.Wrong<ToolChoice>("type", "'auto', 'any', 'tool' or 'none'");
        }
    }

    private static OutputFormat.Schema? Output(RequestFields fields)
    {
        if (fields.Object("output_config")?.Object("format") is not { } format)
        {
            return null;
        }

        return
            format.Text("type", required: true) == "json_schema"
            && format.Object("schema", required: true) is { } schema
            ? new OutputFormat.Schema(null, null, RawJson.Of(schema.Element), null)
            : null;
    }

    private static ReasoningRequest? Reasoning(RequestFields fields, long? limit)
    {
        var effort = fields.Object("output_config") is { } config
            ? Efforts.Read(config, "effort")
            : null;
        if (fields.Object("thinking") is not { } thinking)
        {
            return effort is null ? null : new(effort);
        }

        bool? show = thinking.Text("display") is { } display ? display != "omitted" : null;
        switch (thinking.Text("type", required: true))
        {
            case "disabled":
                return new(Effort.None);
            case "adaptive" or "between_tools":
                return new(effort, Show: show);
            case "enabled":
                var budget = thinking.Integer("budget_tokens", 1024);
                if (budget is null && thinking.Raw("budget_tokens") is null)
                {
                    thinking.Missing("budget_tokens");
                }
                else if (budget >= limit)
                {
                    thinking.Wrong<string>("budget_tokens", "less than max_tokens");
                }

                return new(effort, budget, show);
            default:
                thinking.Wrong<string>("type", "'enabled', 'adaptive' or 'disabled'");
                return null;
        }
    }
}
