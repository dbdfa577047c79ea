using System.Net;
using System.Net.Http.Headers;
using System.Text;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ApiSvc.Gateway.Tests.Management;

public sealed class ManagementTests : IAsyncLifetime
{
    private readonly HttpClient _client = GatewayHost.CreateClient();

    private RecordingUpstream _rest = null!;
    private RecordingUpstream _grpc = null!;
    private GatewayHost _host = null!;

    public async ValueTask InitializeAsync()
    {
        _rest = await RecordingUpstream.StartAsync();
        _grpc = await RecordingUpstream.StartAsync(
            async context =>
            {
                context.Response.ContentType = "application/grpc";
                context.Response.DeclareTrailer("grpc-status");
                await context.Response.StartAsync();
                await context.Response.Body.FlushAsync();
                var buffer = new byte[64];
                int read;
                while ((read = await context.Request.Body.ReadAsync(buffer)) > 0)
                {
                    await context.Response.Body.WriteAsync(buffer.AsMemory(0, read));
                    await context.Response.Body.FlushAsync();
                }

                context.Response.AppendTrailer("grpc-status", "0");
            },
            HttpProtocols.Http2
        );
        _host = await GatewayHost.StartAsync(
            null,
            ("Services:catalog:http:0", _rest.Origin),
            ("Services:catalog:grpc:0", _grpc.Origin)
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
        await _rest.DisposeAsync();
        await _grpc.DisposeAsync();
    }

    [Fact]
    public async Task Rest_OfAService_GoesThereWithTheCallersToken()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            _host.Http + "/apisvc/catalog/v1/apis?limit=2"
        );
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "token");
        request.Headers.Add("x-apisvc-team", "mine");
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        _rest.Last.Target.ShouldBe("/v1/apis?limit=2");
        _rest.Last.Header("Authorization").ShouldBe("Bearer token");
        _rest.Last.Header("x-apisvc-team").ShouldBeNull();
    }

    [Fact]
    public async Task Rest_NewObject_IsLocatedWhereTheClientFindsIt()
    {
        var call = new Call("POST", "/apisvc/catalog/v1/apis")
        {
            UpstreamStatus = 201,
            UpstreamHeaders = [("Location", "/v1/apis/api_1")],
        };
        _rest.Expect(call);
        using var request = new HttpRequestMessage(HttpMethod.Post, _host.Http + call.Target);
        request.Headers.Add(RecordingUpstream.IdHeader, call.Id);

        using var response = await _client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.Created);
        response.Headers.Location!.OriginalString.ShouldBe("/apisvc/catalog/v1/apis/api_1");
    }

    [Theory]
    [InlineData("/apisvc/catalog/openapi/v1.json")]
    [InlineData("/apisvc/catalog/v1/../health")]
    [InlineData("/apisvc/catalog/v12/apis")]
    [InlineData("/apisvc/gateway_config/v1/apis")]
    [InlineData("/apisvc.gateway_config.v1.GatewayConfig/WatchConfig")]
    [InlineData("/apisvc.credentials.v1.Credentials/WatchCredentials")]
    [InlineData("/apisvc/identity/v1/teams")]
    public async Task Anything_Else_IsNotReachable(string target)
    {
        var uri = new Uri(
            _host.Http + target,
            new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
        );
        using var response = await _client.GetAsync(uri);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Grpc_Stream_GoesBothWaysAndEndsWithItsStatus()
    {
        var body = new DuplexContent();
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            _host.Https + "/apisvc.catalog.v1.Apis/Watch"
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = body,
        };
        request.Headers.TE.ParseAdd("trailers");
        using var response = await _client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead
        );
        var stream = await body.Stream;
        await using var answer = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[4];
        foreach (var message in (string[])["ping", "pong"])
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(message));
            await stream.FlushAsync();
            await answer.ReadExactlyAsync(buffer);
            Encoding.ASCII.GetString(buffer).ShouldBe(message);
        }

        body.Complete();
        (await answer.ReadAsync(buffer)).ShouldBe(0);
        response.TrailingHeaders.GetValues("grpc-status").ShouldBe(["0"]);
        _grpc.Last.Target.ShouldBe("/apisvc.catalog.v1.Apis/Watch");
    }

    [Fact]
    public async Task Grpc_UnknownService_IsAStatus()
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            _host.Https + "/apisvc.identity.v1.Teams/List"
        )
        {
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = new ByteArrayContent([]),
        };
        request.Content.Headers.ContentType = new("application/grpc");
        using var response = await _client.SendAsync(request);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("grpc-status").ShouldBe(["12"]);
    }

    private sealed class DuplexContent : HttpContent
    {
        private readonly TaskCompletionSource<Stream> _stream = new();
        private readonly TaskCompletionSource _end = new();

        public DuplexContent() => Headers.ContentType = new("application/grpc");

        public Task<Stream> Stream => _stream.Task;

        public void Complete() => _end.SetResult();

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context
        )
        {
            await stream.FlushAsync();
            _stream.SetResult(stream);
            await _end.Task;
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
