using System.Text;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>Reading an answer that came in one piece.</summary>
internal static class WholeAnswer
{
    /// <summary>Parses the body and hands it on; what is not as the format says ends as a failure.</summary>
    public static void Read(
        ReadOnlyMemory<byte> body,
        IHubEvents events,
        Action<JsonElement, AnswerSource> read
    )
    {
        var answer = new AnswerSource(events);
        try
        {
            using var document = JsonDocument.Parse(body);
            read(document.RootElement, answer);
            if (!answer.Ended)
            {
                answer.Fail(Malformed());
            }
        }
        catch (Exception unreadable)
            when (unreadable is JsonException or InvalidOperationException or FormatException)
        {
            answer.Fail(Malformed());
        }
    }

    public static void Block(
        this AnswerSource answer,
        BlockKind kind,
        string text,
        string? id = null,
        string? name = null,
        Opaque? opaque = null
    )
    {
        answer.Begin(kind, id, name);
        answer.Append(kind, Encoding.UTF8.GetBytes(text));
        answer.Close(opaque);
    }

    private static Failure Malformed() =>
        new(FailureKind.Malformed, "The provider's answer is not the JSON its format promises.");
}
