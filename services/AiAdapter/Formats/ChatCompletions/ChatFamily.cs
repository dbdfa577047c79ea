using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>OpenAI's Chat Completions: both ways.</summary>
internal static class ChatFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.ChatCompletions,
            ChatRequestWriter.Write,
            ChatAnswerReader.Read,
            (context, events) => new ChatStreamReader(context, events),
            ChatErrors.Read
        )
        {
            PassesThrough = FormatNames.ChatCompletions,
            WriteThrough = (body, _, context) =>
                ProviderAddress.Make(context.Deployment, "/chat/completions", body),
        };

    public static InboundFormat Inbound { get; } =
        new(
            FormatNames.ChatCompletions,
            ChatRequestReader.Read,
            ChatAnswerWriter.Write,
            (context, output) => new ChatStreamWriter(context, output),
            ChatErrors.Write
        )
        {
            WriteProblems = ChatErrors.WriteProblems,
            WriteBreak = (failure, _, _, output) =>
            {
                using var sse = new SseWriter(output);
                var json = sse.Begin([]);
                json.WriteStartObject();
                json.WritePropertyName("error"u8);
                ChatErrors.WriteObject(json, failure);
                json.WriteEndObject();
                sse.End();
            },
        };
}
