using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Google.Protobuf;

namespace ApiSvc.Dashboard.Tests.Otlp;

public sealed class ReceiverTests
{
    private static readonly ByteString TraceId = ByteString.CopyFrom([
        .. Enumerable.Repeat((byte)7, 16),
    ]);
    private static readonly ByteString SpanId = ByteString.CopyFrom([
        .. Enumerable.Repeat((byte)9, 8),
    ]);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Traces_PlainOrGzip_AreTakenWhole(bool isGzip)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var body = Request(
            new Span
            {
                TraceId = TraceId,
                SpanId = SpanId,
                Name = "work",
            }
        );

        using var answer = await SendAsync(dashboard, body.ToByteArray(), isGzip);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/x-protobuf");
        ExportTraceServiceResponse
            .Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync())
            .PartialSuccess.ShouldBeNull();
        var list = await dashboard.Browser.GetStringAsync("/api/traces");
        JsonDocument.Parse(list).RootElement[0].GetProperty("name").GetString().ShouldBe("work");
    }

    [Fact]
    public async Task Traces_SpanWithoutId_IsCountedAsRejected()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        var body = Request(
            new Span { TraceId = TraceId, SpanId = SpanId },
            new Span { TraceId = TraceId },
            new Span { TraceId = ByteString.CopyFrom(new byte[16]), SpanId = SpanId }
        );

        using var answer = await SendAsync(dashboard, body.ToByteArray());

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        ExportTraceServiceResponse
            .Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync())
            .PartialSuccess.RejectedSpans.ShouldBe(2);
    }

    [Theory]
    [InlineData("/v1/traces")]
    [InlineData("/v1/metrics")]
    [InlineData("/v1/logs")]
    public async Task Export_NotProtobuf_Is400WithAStatus(string path)
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        using var answer = await SendAsync(dashboard, "{\"json\":1}"u8.ToArray(), path: path);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        RpcStatus.Parser.ParseFrom(await answer.Content.ReadAsByteArrayAsync()).Code.ShouldBe(3);
    }

    [Fact]
    public async Task Export_DamagedGzip_Is400()
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var content = Content("not gzip"u8.ToArray());
        content.Headers.ContentEncoding.Add("gzip");

        using var answer = await SendAsync(dashboard, content, dashboard.Server.OtlpApiKey);

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [Fact]
    public async Task Export_GzipThatUnpacksToTooMuch_Is413()
    {
        await using var dashboard = await DashboardFixture.StartAsync();

        using var answer = await SendAsync(dashboard, new byte[17 * 1024 * 1024], isGzip: true);

        answer.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData(null)]
    public async Task Export_OtherContentType_Is415(string? type)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var content = new ByteArrayContent([]);
        content.Headers.ContentType = type is null ? null : new MediaTypeHeaderValue(type);

        using var answer = await SendAsync(dashboard, content, dashboard.Server.OtlpApiKey);

        answer.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("wrong-key-but-long-enough-to-be-one")]
    public async Task Export_WithoutTheKey_Is401(string? key)
    {
        await using var dashboard = await DashboardFixture.StartAsync();
        using var content = Content(Request().ToByteArray());

        using var answer = await SendAsync(dashboard, content, key);

        answer.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static ExportTraceServiceRequest Request(params Span[] spans) =>
        new()
        {
            ResourceSpans =
            {
                new ResourceSpans { ScopeSpans = { new ScopeSpans { Spans = { spans } } } },
            },
        };

    private static async Task<HttpResponseMessage> SendAsync(
        DashboardFixture dashboard,
        byte[] body,
        bool isGzip = false,
        string path = "/v1/traces"
    )
    {
        if (isGzip)
        {
            using var packed = new MemoryStream();
            await using (var gzip = new GZipStream(packed, CompressionMode.Compress))
            {
                await gzip.WriteAsync(body);
            }

            body = packed.ToArray();
        }

        using var content = Content(body);
        if (isGzip)
        {
            content.Headers.ContentEncoding.Add("gzip");
        }

        return await SendAsync(dashboard, content, dashboard.Server.OtlpApiKey, path);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        DashboardFixture dashboard,
        HttpContent content,
        string? key,
        string path = "/v1/traces"
    )
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            dashboard.Server.OtlpEndpoint + path
        )
        {
            Content = content,
        };
        if (key is not null)
        {
            request.Headers.Add(DashboardServer.OtlpApiKeyHeader, key);
        }

        return await dashboard.Stranger.SendAsync(request);
    }

    private static ByteArrayContent Content(byte[] body) =>
        new(body)
        {
            Headers = { ContentType = new MediaTypeHeaderValue("application/x-protobuf") },
        };
}
