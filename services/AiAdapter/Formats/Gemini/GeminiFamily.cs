using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>Google's generateContent, towards the provider.</summary>
internal static class GeminiFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.Gemini,
            GeminiRequestWriter.Write,
            ReadAnswer,
            (context, events) => new GeminiStreamReader(context, events),
            GeminiErrors.Read
        );

    private static void ReadAnswer(
        ReadOnlyMemory<byte> body,
        ReadContext context,
        IHubEvents events
    )
    {
        var answer = new AnswerSource(events);
        using var scratch = new PooledBuffer();
        var reader = new GeminiReader(answer, context, scratch);
        try
        {
            reader.Read(body.Span);
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            answer.Fail(
                new(FailureKind.Malformed, "The provider's answer is not its format's JSON.")
            );
        }

        if (!answer.Ended && reader.IsFinished)
        {
            reader.End();
        }
        else
        {
            answer.Fail(
                new(FailureKind.Malformed, "The provider's answer does not say how it ended.")
            );
        }
    }
}

/// <summary>Reads the stream: nothing says it is over but a finish reason and the end of the bytes.</summary>
internal sealed class GeminiStreamReader : FramedStreamReader
{
    private readonly GeminiReader _reader;

    public GeminiStreamReader(ReadContext context, IHubEvents events)
        : base(context, events, (sink, most) => new SseParser(sink, most)) =>
        _reader = new(Answer, context, Scratch);

    protected override void Read(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) =>
        _reader.Read(data);

    protected override void EndOfBytes()
    {
        if (_reader.IsFinished)
        {
            _reader.End();
        }
        else
        {
            base.EndOfBytes();
        }
    }
}
