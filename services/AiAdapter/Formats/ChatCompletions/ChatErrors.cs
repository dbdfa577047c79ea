using System.Text.Json;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.ChatCompletions;

/// <summary>OpenAI's errors: <c>{error: {message, type, param, code}}</c>; Responses has the same.</summary>
internal static class ChatErrors
{
    public static Failure Read(ProviderReply reply) =>
        ErrorReading.Read(reply, body => Read(body, (int)reply.Status));

    /// <summary>An error in a body or an event; null if it holds none.</summary>
    public static Failure? Read(JsonElement body, int? status)
    {
        var error = body.Child("error");
        if (error is { ValueKind: JsonValueKind.String } plain)
        {
            return new(ErrorReading.KindOf(status), plain.Loose(), status);
        }

        // Mistral's and vLLM's are the object itself; FastAPI's has detail.
        var found = error ?? body;
        var message =
            found.Text("message") ?? body.Text("detail") ?? body.Child("detail")?.GetRawText();
        if (message is null && error is null)
        {
            return null;
        }

        message ??= "The provider refused the request.";
        var code = found.Child("code") is { } value ? value.ToString() : null;
        var type = found.Text("type");
        var inner = found.Child("innererror")?.Text("code");
        return new(
            Kind(status, code ?? type, type, inner, message),
            message,
            status,
            code ?? type,
            Field: found.Text("param")
        );
    }

    public static ErrorReply Write(Failure failure, string callId)
    {
        var (status, type, code) = Words(failure);
        return new(status, Body(failure.Message, type, failure.Field, code), failure.RetryAfter);
    }

    /// <summary>All problems: the first one's field is the error's, the message says them all.</summary>
    public static ErrorReply WriteProblems(IReadOnlyList<RequestProblem> problems, string callId)
    {
        var first = problems[0];
        var code = first.Reason switch
        {
            ProblemReason.Missing => "missing_required_parameter",
            ProblemReason.Unsupported => "unsupported_parameter",
            _ => "invalid_value",
        };
        return new(
            400,
            Body(
                string.Join("\n", problems),
                "invalid_request_error",
                first.Path.Length == 0 ? null : first.Path,
                code
            )
        );
    }

    public static void WriteObject(Utf8JsonWriter json, Failure failure)
    {
        var (_, type, code) = Words(failure);
        WriteObject(json, failure.Message, type, failure.Field, code);
    }

    public static (int Status, string Type, string? Code) Words(Failure failure) =>
        failure.Kind switch
        {
            FailureKind.ContextLength => (400, "invalid_request_error", "context_length_exceeded"),
            FailureKind.ContentPolicy => (400, "invalid_request_error", "content_policy_violation"),
            FailureKind.InvalidRequest => (400, "invalid_request_error", failure.Code),
            FailureKind.Untranslatable => (400, "invalid_request_error", "unsupported_content"),
            FailureKind.Authentication => (401, "authentication_error", "provider_authentication"),
            FailureKind.Permission => (403, "permission_error", "provider_permission"),
            FailureKind.NotFound => (404, "invalid_request_error", "model_not_found"),
            FailureKind.TooLarge => (413, "invalid_request_error", "request_too_large"),
            FailureKind.RateLimited => (429, "rate_limit_error", "rate_limit_exceeded"),
            FailureKind.QuotaExhausted => (429, "insufficient_quota", "insufficient_quota"),
            FailureKind.Overloaded => (503, "server_error", "overloaded"),
            FailureKind.Timeout => (504, "server_error", "timeout"),
            FailureKind.Malformed => (502, "server_error", "upstream_malformed"),
            FailureKind.Cut => (502, "server_error", "upstream_cut"),
            _ => (500, "server_error", "server_error"),
        };

    private static FailureKind Kind(
        int? status,
        string? code,
        string? type,
        string? inner,
        string message
    ) =>
        (code, type) switch
        {
            ("insufficient_quota", _) or (_, "insufficient_quota") => FailureKind.QuotaExhausted,
            ("context_length_exceeded", _) => FailureKind.ContextLength,
            ("content_policy_violation" or "content_filter" or "invalid_prompt", _) =>
                FailureKind.ContentPolicy,
            ("model_not_found" or "DeploymentNotFound", _) => FailureKind.NotFound,
            ("rate_limit_exceeded", _) or (_, "rate_limit_error") => FailureKind.RateLimited,
            ("invalid_api_key", _) or (_, "authentication_error") => FailureKind.Authentication,
            _ when inner == "ResponsibleAIPolicyViolation" => FailureKind.ContentPolicy,
            _ when ErrorReading.SaysTooLong(message) => FailureKind.ContextLength,
            (_, "invalid_request_error") when status is null => FailureKind.InvalidRequest,
            _ => ErrorReading.KindOf(status),
        };

    private static byte[] Body(string message, string type, string? field, string? code)
    {
        using var bytes = new PooledBuffer();
        using (var json = new Utf8JsonWriter(bytes, JsonText.Writing))
        {
            json.WriteStartObject();
            json.WritePropertyName("error"u8);
            WriteObject(json, message, type, field, code);
            json.WriteEndObject();
        }

        return bytes.Span.ToArray();
    }

    private static void WriteObject(
        Utf8JsonWriter json,
        string message,
        string type,
        string? field,
        string? code
    )
    {
        json.WriteStartObject();
        json.WriteString("message"u8, message);
        json.WriteString("type"u8, type);
        json.WriteString("param"u8, field);
        json.WriteString("code"u8, code);
        json.WriteEndObject();
    }
}
