using System.Globalization;
using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Gemini;

/// <summary>Google's errors: <c>{error: {code, message, status, details}}</c>.</summary>
internal static class GeminiErrors
{
    public static Failure Read(ProviderReply reply) =>
        ErrorReading.Read(
            reply,
            body => body.Child("error") is { } error ? ReadError(error, (int)reply.Status) : null
        );

    public static Failure ReadError(JsonElement error, int? status)
    {
        var message = error.Text("message") ?? "The provider refused the request.";
        var word = error.Text("status");
        return new(
            Kind(word, message, error, status),
            message,
            status ?? (int)error.Long("code"),
            word,
            RetryDelay(error)
        );
    }

    private static FailureKind Kind(string? word, string message, JsonElement error, int? status)
    {
        if (Reasons(error).Contains("API_KEY_INVALID", StringComparer.Ordinal))
        {
            return FailureKind.Authentication;
        }

        return word switch
        {
            "INVALID_ARGUMENT" or "FAILED_PRECONDITION" when ErrorReading.SaysTooLong(message) =>
                FailureKind.ContextLength,
            "INVALID_ARGUMENT" or "FAILED_PRECONDITION" => FailureKind.InvalidRequest,
            "UNAUTHENTICATED" => FailureKind.Authentication,
            "PERMISSION_DENIED" => FailureKind.Permission,
            "NOT_FOUND" => FailureKind.NotFound,
            // A quota per day is not over in a moment.
            "RESOURCE_EXHAUSTED" when message.Contains("PerDay", StringComparison.Ordinal) =>
                FailureKind.QuotaExhausted,
            "RESOURCE_EXHAUSTED" => FailureKind.RateLimited,
            "UNAVAILABLE" => FailureKind.Overloaded,
            "DEADLINE_EXCEEDED" => FailureKind.Timeout,
            "INTERNAL" => FailureKind.ServerError,
            _ => ErrorReading.KindOf(status ?? (int)error.Long("code")),
        };
    }

    private static IEnumerable<string> Reasons(JsonElement error) =>
        error.Items("details").Select(detail => detail.Text("reason")).OfType<string>();

    // "37s", "0.5s"
    private static TimeSpan? RetryDelay(JsonElement error)
    {
        foreach (var detail in error.Items("details"))
        {
            if (
                detail.Text("retryDelay") is { } delay
                && double.TryParse(
                    delay.TrimEnd('s'),
                    NumberStyles.AllowDecimalPoint,
                    CultureInfo.InvariantCulture,
                    out var seconds
                )
            )
            {
                return TimeSpan.FromSeconds(seconds);
            }
        }

        return null;
    }
}
