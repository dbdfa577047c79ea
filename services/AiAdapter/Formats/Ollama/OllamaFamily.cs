using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Ollama;

/// <summary>Ollama's own chat, towards the provider.</summary>
internal static class OllamaFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.Ollama,
            OllamaRequestWriter.Write,
            ReadAnswer,
            (context, events) => new OllamaStreamReader(context, events),
            reply => ErrorReading.Read(reply, body => ReadError(body, (int)reply.Status))
        );

    /// <summary><c>{error: "…"}</c>, as an answer and as a line of a stream.</summary>
    public static Failure? ReadError(JsonElement body, int? status) =>
        body.Text("error") is { } message
            ? new(
                ErrorReading.SaysTooLong(message)
                    ? FailureKind.ContextLength
                    : ErrorReading.KindOf(status),
                message,
                status
            )
            : null;

    private static void ReadAnswer(
        ReadOnlyMemory<byte> body,
        ReadContext context,
        IHubEvents events
    )
    {
        // One line of a stream that has only one.
        using var reader = new OllamaStreamReader(context, events);
        reader.Push(body.Span);
        reader.Complete();
    }
}
