using System.Text.Json;
using ApiSvc.AiAdapter.Formats.ChatCompletions;
using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Responses;

/// <summary>OpenAI's Responses: both ways. Its errors are those of Chat Completions.</summary>
internal static class ResponsesFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.Responses,
            ResponsesRequestWriter.Write,
            ResponsesAnswerReader.Read,
            (context, events) => new ResponsesStreamReader(context, events),
            ChatErrors.Read
        )
        {
            PassesThrough = FormatNames.Responses,
            WriteThrough = (body, _, context) =>
                ProviderAddress.Make(context.Deployment, "/responses", body),
        };

    public static InboundFormat Inbound { get; } =
        new(
            FormatNames.Responses,
            ResponsesRequestReader.Read,
            (answer, context, output) =>
            {
                using var json = new Utf8JsonWriter(output, JsonText.Writing);
                var status = ResponsesOutput.Status(answer.Finish.Reason, answer.Blocks);
                ResponsesOutput.Response(
                    json,
                    context,
                    status,
                    answer.Blocks,
                    answer.Finish,
                    failure: null
                );
            },
            (context, output) => new ResponsesStreamWriter(context, output),
            ChatErrors.Write
        )
        {
            WriteProblems = ChatErrors.WriteProblems,
            WriteBreak = (failure, _, events, output) =>
            {
                using var sse = new SseWriter(output);
                var json = sse.Begin("error"u8);
                json.WriteStartObject();
                json.WriteString("type"u8, "error"u8);
                json.WriteString("code"u8, ChatErrors.Words(failure).Code);
                json.WriteString("message"u8, failure.Message);
                json.WriteNull("param"u8);
                json.WriteNumber("sequence_number"u8, events);
                json.WriteEndObject();
                sse.End();
            },
        };
}
