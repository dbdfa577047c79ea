using System.Text.Json;
using System.Text.RegularExpressions;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Messages;

/// <summary>Anthropic's errors: <c>{type: "error", error: {type, message}, request_id}</c>.</summary>
internal static partial class MessagesErrors
{
    public static Failure Read(ProviderReply reply) =>
        ErrorReading.Read(reply, body => Read(body, (int)reply.Status));

    public static Failure? Read(JsonElement body, int? status)
    {
        if (body.Child("error") is not { } error || error.Text("message") is not { } message)
        {
            return null;
        }

        var type = error.Text("type");
        var kind = type switch
        {
            _ when ErrorReading.SaysTooLong(message) => FailureKind.ContextLength,
            "invalid_request_error" => FailureKind.InvalidRequest,
            "authentication_error" => FailureKind.Authentication,
            "billing_error" => FailureKind.QuotaExhausted,
            "permission_error" => FailureKind.Permission,
            "not_found_error" => FailureKind.NotFound,
            "request_too_large" => FailureKind.TooLarge,
            "rate_limit_error" => FailureKind.RateLimited,
            "timeout_error" => FailureKind.Timeout,
            "overloaded_error" => FailureKind.Overloaded,
            "api_error" => FailureKind.ServerError,
            _ => ErrorReading.KindOf(status),
        };
        return new(kind, message, status, type);
    }

    public static ErrorReply Write(Failure failure, string callId)
    {
        var (status, type) = Words(failure.Kind);
        return new(status, Body(type, failure.Message, callId), failure.RetryAfter);
    }

    public static ErrorReply WriteProblems(IReadOnlyList<RequestProblem> problems, string callId) =>
        new(
            400,
            Body(
                "invalid_request_error",
                string.Join(
                    "\n",
                    problems.Select(problem => problem with { Path = Dotted(problem.Path) })
                ),
                callId
            )
        );

    public static void Write(Utf8JsonWriter json, string type, string message, string callId)
    {
        json.WriteStartObject();
        json.WriteString("type"u8, "error"u8);
        json.WriteStartObject("error"u8);
        json.WriteString("type"u8, type);
        json.WriteString("message"u8, message);
        json.WriteEndObject();
        json.WriteString("request_id"u8, $"req_{callId}");
        json.WriteEndObject();
    }

    public static (int Status, string Type) Words(FailureKind kind) =>
        kind switch
        {
            FailureKind.InvalidRequest
            or FailureKind.ContextLength
            or FailureKind.ContentPolicy
            or FailureKind.Untranslatable => (400, "invalid_request_error"),
            FailureKind.Authentication => (401, "authentication_error"),
            FailureKind.QuotaExhausted => (402, "billing_error"),
            FailureKind.Permission => (403, "permission_error"),
            FailureKind.NotFound => (404, "not_found_error"),
            FailureKind.TooLarge => (413, "request_too_large"),
            FailureKind.RateLimited => (429, "rate_limit_error"),
            FailureKind.Overloaded => (529, "overloaded_error"),
            FailureKind.Timeout => (504, "timeout_error"),
            _ => (500, "api_error"),
        };

    private static byte[] Body(string type, string message, string callId)
    {
        using var bytes = new PooledBuffer();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            Write(json, type, message, callId);
        }

        return bytes.Span.ToArray();
    }

    // messages[0].content is messages.0.content in this format.
    private static string Dotted(string path) => Brackets().Replace(path, ".${index}");

    [GeneratedRegex(
        @"\[(?<index>\d+)\]",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Brackets();
}
