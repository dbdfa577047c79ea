using ApiSvc.AiAdapter.Providers;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Anthropic's Messages: both ways, both versions.</summary>
internal static class MessagesFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.Messages,
            MessagesRequestWriter.Write,
            MessagesAnswerReader.Read,
            (context, events) => new MessagesStreamReader(context, events),
            MessagesErrors.Read
        )
        {
            PassesThrough = FormatNames.Messages,
            WriteThrough = (body, _, context) =>
                MessagesRequestWriter.Address(context.Deployment, body),
        };

    public static InboundFormat Inbound(MessagesVersion version) =>
        new(
            FormatNames.Messages,
            body => MessagesRequestReader.Read(body, version),
            (answer, context, output) =>
                MessagesAnswerWriter.Write(answer, context, output, version),
            (context, output) => new MessagesStreamWriter(context, output, version),
            MessagesErrors.Write
        )
        {
            WriteProblems = MessagesErrors.WriteProblems,
            WriteBreak = (failure, callId, _, output) =>
            {
                using var sse = new SseWriter(output);
                MessagesErrors.Write(
                    sse.Begin("error"u8),
                    MessagesErrors.Words(failure.Kind).Type,
                    failure.Message,
                    callId
                );
                sse.End();
            },
            Refuses = MessagesAnswerWriter.Refuses,
        };
}
