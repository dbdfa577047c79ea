using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Formats.Bedrock;

/// <summary>Bedrock's Converse, towards the provider.</summary>
internal static class BedrockFamily
{
    public static ProviderFamily Family { get; } =
        new(
            FormatNames.Bedrock,
            BedrockRequestWriter.Write,
            BedrockAnswerReader.Read,
            (context, events) => new BedrockStreamReader(context, events),
            BedrockErrors.Read
        );
}

/// <summary>AWS' exceptions: named by a header, or by the frame of a stream.</summary>
internal static class BedrockErrors
{
    public static Failure Read(ProviderReply reply)
    {
        // ValidationException:http://internal…/
        var name = (reply.Header("x-amzn-errortype") ?? "").Split(':')[0];
        return ErrorReading.Read(
            reply,
            body =>
                Read(
                    name.Length > 0 ? name : (body.Text("__type") ?? "").Split('#')[^1],
                    body.Text("message") ?? body.Text("Message"),
                    (int)reply.Status
                )
        );
    }

    public static Failure Read(string name, string? message, int? status)
    {
        message ??= "The provider refused the request.";
        var word = name.EndsWith("Exception", StringComparison.Ordinal) ? name[..^9] : name;
        return new(
            word.ToLowerInvariant() switch
            {
                "validation" when ErrorReading.SaysTooLong(message) => FailureKind.ContextLength,
                "validation" => FailureKind.InvalidRequest,
                "accessdenied" => FailureKind.Permission,
                "unrecognizedclient"
                or "invalidsignature"
                or "expiredtoken"
                or "incompletesignature" => FailureKind.Authentication,
                "resourcenotfound" => FailureKind.NotFound,
                "modeltimeout" => FailureKind.Timeout,
                "throttling" => FailureKind.RateLimited,
                "servicequotaexceeded" => FailureKind.QuotaExhausted,
                "modelnotready" or "serviceunavailable" => FailureKind.Overloaded,
                "internalserver" or "modelerror" or "modelstreamerror" => FailureKind.ServerError,
                _ => ErrorReading.KindOf(status),
            },
            message,
            status,
            name
        );
    }
}
