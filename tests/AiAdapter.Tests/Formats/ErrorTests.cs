using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Formats;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Tests.Translation;
using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Tests.Formats;

public sealed class ErrorTests
{
    [Theory]
    [InlineData(
        "openai-chat",
        401,
        """{"error":{"message":"bad","type":"invalid_request_error","code":"invalid_api_key"}}""",
        nameof(FailureKind.Authentication)
    )]
    [InlineData(
        "openai-chat",
        429,
        """{"error":{"message":"slow","type":"requests","code":"rate_limit_exceeded"}}""",
        nameof(FailureKind.RateLimited)
    )]
    [InlineData(
        "openai-chat",
        429,
        """{"error":{"message":"pay","type":"insufficient_quota","code":"insufficient_quota"}}""",
        nameof(FailureKind.QuotaExhausted)
    )]
    [InlineData(
        "openai-chat",
        400,
        """{"error":{"message":"long","type":"invalid_request_error","code":"context_length_exceeded"}}""",
        nameof(FailureKind.ContextLength)
    )]
    [InlineData(
        "openai-chat",
        404,
        """{"error":{"message":"no","code":"model_not_found"}}""",
        nameof(FailureKind.NotFound)
    )]
    [InlineData(
        "openai-chat",
        422,
        """{"detail":[{"loc":["body"],"msg":"x"}]}""",
        nameof(FailureKind.InvalidRequest)
    )]
    [InlineData("openai-chat", 502, "<html>Bad gateway</html>", nameof(FailureKind.ServerError))]
    [InlineData("openai-chat", 503, "", nameof(FailureKind.Overloaded))]
    [InlineData(
        "azure-openai",
        400,
        """{"error":{"message":"filtered","code":"content_filter","innererror":{"code":"ResponsibleAIPolicyViolation"}}}""",
        nameof(FailureKind.ContentPolicy)
    )]
    [InlineData(
        "azure-openai",
        404,
        """{"error":{"message":"no","code":"DeploymentNotFound"}}""",
        nameof(FailureKind.NotFound)
    )]
    [InlineData(
        "anthropic",
        529,
        """{"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}""",
        nameof(FailureKind.Overloaded)
    )]
    [InlineData(
        "anthropic",
        402,
        """{"type":"error","error":{"type":"billing_error","message":"pay"}}""",
        nameof(FailureKind.QuotaExhausted)
    )]
    [InlineData(
        "anthropic",
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"prompt is too long: 9 tokens"}}""",
        nameof(FailureKind.ContextLength)
    )]
    [InlineData(
        "anthropic",
        400,
        """{"type":"error","error":{"type":"invalid_request_error","message":"no"}}""",
        nameof(FailureKind.InvalidRequest)
    )]
    [InlineData(
        "gemini",
        429,
        """{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}""",
        nameof(FailureKind.RateLimited)
    )]
    [InlineData(
        "gemini",
        400,
        """[{"error":{"code":400,"message":"key","status":"INVALID_ARGUMENT","details":[{"reason":"API_KEY_INVALID"}]}}]""",
        nameof(FailureKind.Authentication)
    )]
    [InlineData(
        "gemini",
        503,
        """{"error":{"code":503,"message":"busy","status":"UNAVAILABLE"}}""",
        nameof(FailureKind.Overloaded)
    )]
    [InlineData(
        "bedrock",
        429,
        """{"message":"slow"}""",
        nameof(FailureKind.RateLimited),
        "ThrottlingException:http://x"
    )]
    [InlineData(
        "bedrock",
        400,
        """{"message":"Input is too long for requested model"}""",
        nameof(FailureKind.ContextLength),
        "ValidationException"
    )]
    [InlineData(
        "bedrock",
        403,
        """{"message":"no"}""",
        nameof(FailureKind.Permission),
        "AccessDeniedException"
    )]
    [InlineData(
        "bedrock",
        400,
        """{"message":"quota"}""",
        nameof(FailureKind.QuotaExhausted),
        "ServiceQuotaExceededException"
    )]
    [InlineData("ollama", 404, """{"error":"model 'x' not found"}""", nameof(FailureKind.NotFound))]
    public void ReadError_OfEachProvider_IsOfItsKind(
        string family,
        int status,
        string body,
        string kind,
        string? errorType = null
    )
    {
        var failure = Read(
            family,
            status,
            body,
            name => name == "x-amzn-errortype" ? errorType : null
        );

        failure.Kind.ToString().ShouldBe(kind);
        failure.Message.ShouldNotBeNullOrWhiteSpace();
        failure.Message.ShouldNotContain("<html>");
    }

    [Theory]
    [InlineData("retry-after", "7", 7000)]
    [InlineData("retry-after-ms", "250", 250)]
    [InlineData("x-ms-retry-after-ms", "1500", 1500)]
    [InlineData("retry-after", "Fri, 27 Nov 2026 10:00:30 GMT", 30_000)]
    [InlineData("retry-after", "soon", null)]
    [InlineData("retry-after", "-1", null)]
    public void ReadError_RetryAfter_IsUnderstood(string header, string value, int? milliseconds)
    {
        var failure = Read("openai-chat", 429, "{}", name => name == header ? value : null);

        failure.RetryAfter.ShouldBe(milliseconds is { } ms ? TimeSpan.FromMilliseconds(ms) : null);
    }

    [Fact]
    public void ReadError_RetryDelayOfGoogle_IsUnderstood() =>
        Read(
            "gemini",
            429,
            """{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED","details":[{"@type":"RetryInfo","retryDelay":"37.5s"}]}}""",
            _ => null
        )
            .RetryAfter.ShouldBe(TimeSpan.FromSeconds(37.5));

    [Fact]
    public void WriteError_EveryKind_IsAnErrorInEachFormat()
    {
        foreach (var format in Families.Inbound)
        {
            foreach (var kind in Enum.GetValues<FailureKind>())
            {
                var reply = format.WriteError(
                    new(kind, "What went wrong", RetryAfter: TimeSpan.FromSeconds(3)),
                    "c1"
                );

                reply.Status.ShouldBeInRange(400, 599);
                reply.RetryAfter.ShouldBe(TimeSpan.FromSeconds(3));
                var error = JsonNode.Parse(reply.Body)!["error"]!;
                ((string)error["message"]!).ShouldBe("What went wrong");
                ((string)error["type"]!).ShouldNotBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData(nameof(FailureKind.Overloaded), 503, 529)]
    [InlineData(nameof(FailureKind.QuotaExhausted), 429, 402)]
    [InlineData(nameof(FailureKind.ContextLength), 400, 400)]
    [InlineData(nameof(FailureKind.RateLimited), 429, 429)]
    [InlineData(nameof(FailureKind.Timeout), 504, 504)]
    public void WriteError_Status_IsTheFormatsOwn(string kind, int openAi, int anthropic)
    {
        Families
            .Inbound[0]
            .WriteError(new(Enum.Parse<FailureKind>(kind), "x"), "c1")
            .Status.ShouldBe(openAi);
        Families
            .Inbound[2]
            .WriteError(new(Enum.Parse<FailureKind>(kind), "x"), "c1")
            .Status.ShouldBe(anthropic);
    }

    private static Failure Read(
        string family,
        int status,
        string body,
        Func<string, string?> header
    ) =>
        Families
            .All[family]
            .ReadError(
                new((HttpStatusCode)status, header, Encoding.UTF8.GetBytes(body), Pairs.Time)
            );
}
