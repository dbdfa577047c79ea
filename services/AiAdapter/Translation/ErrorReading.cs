using System.Globalization;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;

namespace ApiSvc.AiAdapter.Translation;

/// <summary>What is the same in errors of all providers: status, waiting time, texts that stand for a code.</summary>
internal static class ErrorReading
{
    private static readonly string[] TooLong =
    [
        "prompt is too long",
        "input is too long",
        "maximum context length",
        "context window",
        "context_length",
        "exceeds the maximum number of tokens",
        "exceed context limit",
    ];

    /// <summary>Reads the body as JSON if it is that; the status tells the rest.</summary>
    public static Failure Read(ProviderReply reply, Func<JsonElement, Failure?> read)
    {
        var status = (int)reply.Status;
        Failure? failure = null;
        try
        {
            using var document = JsonDocument.Parse(reply.Body);
            var root = document.RootElement;
            failure = read(
                root is { ValueKind: JsonValueKind.Array } list && list.GetArrayLength() > 0
                    ? list[0]
                    : root
            );
        }
        catch (JsonException)
        {
            // A proxy's page, or nothing: its text is not for clients.
        }

        failure ??= new(
            KindOf(status),
            $"The provider answered {status.ToString(CultureInfo.InvariantCulture)} without an explanation.",
            status
        );
        return failure with { RetryAfter = failure.RetryAfter ?? RetryAfter(reply) };
    }

    public static FailureKind KindOf(int? status) =>
        status switch
        {
            400 or 409 or 422 => FailureKind.InvalidRequest,
            401 or 498 => FailureKind.Authentication,
            402 => FailureKind.QuotaExhausted,
            403 or 451 => FailureKind.Permission,
            404 => FailureKind.NotFound,
            408 or 504 => FailureKind.Timeout,
            413 => FailureKind.TooLarge,
            429 => FailureKind.RateLimited,
            503 or 529 => FailureKind.Overloaded,
            _ => FailureKind.ServerError,
        };

    public static bool SaysTooLong(string message) =>
        Array.Exists(TooLong, part => message.Contains(part, StringComparison.OrdinalIgnoreCase));

    /// <summary><c>retry-after-ms</c>, or <c>retry-after</c> in seconds or as a date.</summary>
    private static TimeSpan? RetryAfter(ProviderReply reply)
    {
        var exact = reply.Header("retry-after-ms") ?? reply.Header("x-ms-retry-after-ms");
        if (Number(exact) is { } milliseconds)
        {
            return TimeSpan.FromMilliseconds(milliseconds);
        }

        var text = reply.Header("retry-after");
        if (Number(text) is { } seconds)
        {
            return TimeSpan.FromSeconds(seconds);
        }

        return
            DateTimeOffset.TryParseExact(
                text,
                "r",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out var date
            )
            && date > reply.Now
            ? date - reply.Now
            : null;
    }

    private static double? Number(string? text) =>
        double.TryParse(
            text,
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out var number
        )
        && number < 1e9
            ? number
            : null;
}
