using System.Net;
using System.Net.Sockets;
using System.Text;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Testing;
using Microsoft.AspNetCore.Http;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;
using Duration = Google.Protobuf.WellKnownTypes.Duration;

namespace ApiSvc.Gateway.Tests.Forwarding;

public sealed class ForwardingTests(Lanes lanes) : IAsyncLifetime
{
    private readonly HttpClient _client = GatewayHost.CreateClient();

    private GatewayHost _host = null!;

    public static TheoryData<Lane> Wire => [Lane.Http1, Lane.Tls1, Lane.Http2];

    public async ValueTask InitializeAsync() => _host = await GatewayHost.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _host.DisposeAsync();
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_OddButValidRequest_ArrivesByteForByte(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes, s => s.Api.OnlyOperations = false);
        var call = scene
            .Call("PROPFIND", "/a%20b/~x;p=1/(c)?q=%E2%82%AC&&a=b+c&%2f?")
            .With("X-Bytes", "caf\u00e9")
            .With("x-apisvc-caller", "me")
            .With("X-Forwarded-Host", "lie.example") with
        {
            UpstreamStatus = 418,
            UpstreamHeaders = [("X-Back", "na\u00efve"), ("X-Back", "two")],
        };
        var reply = await scene.SendAsync(lane, call);
        reply.Status.ShouldBe(418);
        reply.Upstream!.Method.ShouldBe("PROPFIND");
        reply.Upstream.Target.ShouldBe("/a%20b/~x;p=1/(c)?q=%E2%82%AC&&a=b+c&%2f?");
        reply.Upstream.Header("x-apisvc-caller").ShouldBeNull();
        reply.Upstream.Header("Host").ShouldBe(new Uri(lanes.Upstream.Origin).Authority);
        reply.Upstream.Header("X-Forwarded-For").ShouldBe("127.0.0.1");
        reply.Upstream.Header("X-Forwarded-Host").ShouldNotBe("lie.example");
        reply.Upstream.Header("Forwarded")!.ShouldStartWith("for=127.0.0.1;host=");
        reply.Upstream.Header("Via")!.ShouldEndWith("apisvc");
        reply.Headers["X-Back"].ShouldBe(["na\u00efve", "two"]);
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_LargeBody_IsEchoed(Lane lane)
    {
        await using var upstream = await RecordingUpstream.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        var api = await PutAsync(upstream.Origin);
        var bytes = new byte[8 << 20];
        Random.Shared.NextBytes(bytes);
        using var response = await SendAsync(lane, api, new ByteArrayContent(bytes));
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(bytes);
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_AnswerInParts_ComesAsItIsWritten(Lane lane)
    {
        var go = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async context =>
        {
            await context.Response.WriteAsync("first");
            await context.Response.Body.FlushAsync();
            await go.Task;
            await context.Response.WriteAsync("second");
        });
        var api = await PutAsync(upstream.Origin);
        using var response = await SendAsync(lane, api, new StringContent(""));
        await using var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[5];
        await body.ReadExactlyAsync(buffer);
        Encoding.ASCII.GetString(buffer).ShouldBe("first");
        go.SetResult();
        using var rest = new StreamReader(body);
        (await rest.ReadToEndAsync()).ShouldBe("second");
    }

    [Fact]
    public async Task Forward_Trailers_ArePassedOn()
    {
        // By hand: Kestrel sends no trailers over HTTP/1.1.
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        var served = ServeAsync(
            upstream,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "4\r\nbody\r\n0\r\nX-Sum: 42\r\n\r\n"
        );
        var api = await PutAsync($"http://{upstream.LocalEndpoint}");
        using var response = await SendAsync(Lane.Http2, api, new StringContent(""));
        await response.Content.ReadAsStringAsync();
        response.TrailingHeaders.GetValues("X-Sum").ShouldBe(["42"]);
        await served;
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_BodyOverTheLimit_Is413(Lane lane)
    {
        await using var host = await GatewayHost.StartAsync(
            null,
            ("Edge:MaxRequestBodyBytes", "1000")
        );
        await using var upstream = await RecordingUpstream.StartAsync(context =>
            context.Request.Body.CopyToAsync(Stream.Null)
        );
        var api = await PutAsync(upstream.Origin, host);
        using var told = await SendAsync(lane, api, new ByteArrayContent(new byte[1001]), host);
        told.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var untold = new StreamContent(new UnknownLength(new byte[200_000]));
        using var counted = await SendAsync(lane, api, untold, host);
        counted.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        (await counted.Content.ReadAsStringAsync()).ShouldContain("request-too-large");
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_UpstreamDeadSlowOrForbidden_IsAProblem(Lane lane)
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var dead = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        using var unreachable = await SendAsync(lane, await PutAsync(dead), new StringContent(""));
        unreachable.StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        (await unreachable.Content.ReadAsStringAsync()).ShouldContain("upstream-unreachable");

        using var forbidden = await SendAsync(
            lane,
            await PutAsync("http://10.255.255.1"),
            new StringContent("")
        );
        forbidden.StatusCode.ShouldBe(HttpStatusCode.BadGateway);

        await using var slow = await RecordingUpstream.StartAsync(context =>
            Task.Delay(Timeout.Infinite, context.RequestAborted)
        );
        using var late = await SendAsync(
            lane,
            await PutAsync(slow.Origin, timeout: TimeSpan.FromMilliseconds(200)),
            new StringContent("")
        );
        late.StatusCode.ShouldBe(HttpStatusCode.GatewayTimeout);
        (await late.Content.ReadAsStringAsync()).ShouldContain("upstream-timeout");
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Forward_ClientLeaves_CancelsTheUpstream(Lane lane)
    {
        var came = new TaskCompletionSource();
        var left = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async context =>
        {
            context.RequestAborted.Register(() => left.TrySetResult());
            came.SetResult();
            await left.Task;
        });
        var api = await PutAsync(upstream.Origin);
        using var leave = new CancellationTokenSource();
        var call = SendAsync(lane, api, new StringContent(""), stop: leave.Token);
        await came.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(20));
    }

    private static async Task ServeAsync(TcpListener listener, string answer)
    {
        using var connection = await listener.AcceptSocketAsync();
        var buffer = new byte[4096];
        (await connection.ReceiveAsync(buffer)).ShouldBeGreaterThan(0);
        await connection.SendAsync(Encoding.ASCII.GetBytes(answer));
    }

    private async Task<Api> PutAsync(
        string upstream,
        GatewayHost? host = null,
        TimeSpan? timeout = null
    )
    {
        var api = new Api
        {
            ApiId = Scene.NewId(),
            VersionId = Scene.NewId(),
            TeamId = Scene.NewId(),
            BasePath = $"/f/{Guid.NewGuid():n}",
            Availability = Availability.Served,
            Upstreams =
            {
                new Upstream
                {
                    Addresses = { new UpstreamAddress { Url = upstream } },
                    TotalTimeout = timeout is { } t ? Duration.FromTimeSpan(t) : null,
                },
            },
            Policies =
            {
                Scene.PolicyOf(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { Anonymous = new() } },
                    }
                ),
            },
        };
        (await (host ?? _host).PutAsync(api)).ShouldBeEmpty();
        await (host ?? _host).PutCredentialsAsync();
        return api;
    }

    private async Task<HttpResponseMessage> SendAsync(
        Lane lane,
        Api api,
        HttpContent content,
        GatewayHost? host = null,
        CancellationToken stop = default
    )
    {
        host ??= _host;
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            host.OriginOf(lane) + api.BasePath + "/x"
        )
        {
            Version = lane.Version(),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Content = content,
        };
        return await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, stop);
    }

    private sealed class UnknownLength(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
