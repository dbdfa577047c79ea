using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Forwarding;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Api = ApiSvc.Contracts.GatewayConfig.V1.Api;

namespace ApiSvc.Gateway.Tests.CallRecords;

public sealed class RecordingTests(Lanes lanes)
{
    public static TheoryData<Lane> Wire => [Lane.Http1, Lane.Tls1, Lane.Http2];

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_ServedCall_SaysAllThatIsKnown(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes, s => s.Get.OperationId = "getItem");
        var call = scene
            .Call(path: "/items/7?a=1&token=abc&pin=2")
            .With("User-Agent", "tester/1.0")
            .With("X-Request-Id", "mine") with
        {
            UpstreamStatus = 206,
            UpstreamHeaders = [("X-Request-Id", "the upstream's")],
        };
        var reply = await scene.SendAsync(lane, call);
        var id = reply.Headers["X-Request-Id"].ShouldHaveSingleItem();
        reply.Upstream!.Header("X-Request-Id").ShouldBe(id);
        var record = lanes.Host.Records.Of(id);
        record.StartUs.ShouldBe(
            (ulong)(lanes.Now - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond
        );
        record.Status.ShouldBe(206u);
        record.LatencyUs.ShouldBeGreaterThan(0u);
        record.UpstreamUs.ShouldBeInRange(1u, record.LatencyUs);
        record.GatewayUs.ShouldBeInRange(1u, record.LatencyUs);
        record.BytesIn.ShouldBeInRange(200ul, 2_000ul);
        record.BytesOut.ShouldBeInRange(50ul, 2_000ul);
        record.ApiId.ShouldBe(scene.Api.ApiId);
        record.VersionId.ShouldBe(scene.Api.VersionId);
        record.OperationUuid.ShouldBe(scene.Get.Id);
        record.OperationId.ShouldBe("getItem");
        record.OperationTemplate.ShouldBe("/items/{id}");
        record.ProviderTeamId.ShouldBe(scene.Api.TeamId);
        record.ConsumerTeamId.ShouldBe(scene.Api.TeamId);
        record.ApplicationId.ShouldBe(scene.ApplicationId);
        record.SubscriptionId.ShouldBe(scene.Subscription.SubscriptionId);
        record.PlanId.ShouldBe(scene.PlanId);
        record.CredentialKind.ShouldBe(Contracts.CallRecords.V1.CredentialKind.ApiKey);
        record.CredentialPrefix.ShouldBe("ak_sandbox_visible");
        record.Path.ShouldBe(scene.Api.BasePath + "/items/7");
        record.Query.ShouldBe("a=1&token=***&pin=***");
        record.ClientAddress.ShouldBe("127.0.0.1");
        record.Node.ShouldBe("node-1");
        record.GatewayGroup.ShouldBe("sandbox");
        record.Environment.ShouldBe("sandbox");
        record.ConfigGeneration.ShouldBeGreaterThan(0ul);
        record.Protocol.ShouldBe(lane == Lane.Http2 ? Protocol.Http2 : Protocol.Http11);
        record.Method.ShouldBe("GET");
        record.Host.ShouldStartWith("127.0.0.1:");
        record.UserAgent.ShouldBe("tester/1.0");
        record.ProblemId.ShouldBeEmpty();
        record.RefusedBy.ShouldBeEmpty();
        record.UpstreamAddress.ShouldBe(lanes.Upstream.Origin);
        record.UpstreamTries.ShouldBe(1u);
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_RefusedCalls_SayWhyAndByWhom(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        await ShouldBeRecordedAsync(scene.Anonymous(), 401, "unauthorized", "authentication");
        await ShouldBeRecordedAsync(scene.Call(path: "/no/operation"), 404, "not-found", "");
        await ShouldBeRecordedAsync(scene.Call("DELETE"), 405, "method-not-allowed", "");
        await ShouldBeRecordedAsync(new("GET", "/nobody/here"), 404, "not-found", "");
        var other = await Scene.PutAsync(lanes, s => s.Subscription.ApiId = Scene.NewId());
        await ShouldBeRecordedAsync(other.Call(), 403, "subscription-required", "subscription");
        var suspended = await Scene.PutAsync(
            lanes,
            s => s.Api.Availability = Availability.Suspended
        );
        await ShouldBeRecordedAsync(suspended.Call(), 503, "api-suspended", "");
        var quarantined = await Scene.PutAsync(lanes, s => s.Api.Upstreams.Clear());
        var record = await ShouldBeRecordedAsync(quarantined.Call(), 503, "api-quarantined", "");
        record.ApiId.ShouldBe(quarantined.Api.ApiId);

        async Task<CallRecord> ShouldBeRecordedAsync(
            Call call,
            uint status,
            string problem,
            string refusedBy
        )
        {
            var reply = await lanes.SendAsync(lane, call);
            var id = reply.Header("X-Request-Id");
            reply.Body.ShouldContain($"\"id\":\"{id}\"");
            var seen = lanes.Host.Records.Of(id);
            (seen.Status, seen.ProblemId, seen.RefusedBy).ShouldBe((status, problem, refusedBy));
            seen.Path.ShouldBe(call.Target);
            seen.UpstreamTries.ShouldBe(0u);
            seen.BytesOut.ShouldBeGreaterThan((ulong)reply.Body.Length);
            return seen;
        }
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_KeyInAParameterOfTheApisOwn_IsNotRecorded(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods =
                        {
                            new AuthenticationMethod
                            {
                                ApiKey = new ApiKeyAuthentication { Query = "k" },
                            },
                        },
                    }
                )
        );
        var right = await lanes.SendAsync(
            lane,
            scene.Anonymous(path: $"/items/7?k={scene.Key}&b=2")
        );
        right.Status.ShouldBe(200);
        lanes.Host.Records.Of(right.Header("X-Request-Id")).Query.ShouldBe("k=***&b=2");
        var outside = await lanes.SendAsync(lane, scene.Anonymous(path: $"/x?k={scene.Key}"));
        outside.Status.ShouldBe(404);
        lanes.Host.Records.Of(outside.Header("X-Request-Id")).Query.ShouldBe("k=***");
    }

    [Fact]
    public async Task Record_BadFraming_IsRecorded()
    {
        var path = $"/framing/{Guid.NewGuid():n}";
        using var client = new TcpClient();
        var address = new Uri(lanes.Host.Http);
        await client.ConnectAsync(address.Host, address.Port);
        await client
            .GetStream()
            .WriteAsync(
                Encoding.ASCII.GetBytes(
                    $"POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n"
                )
            );
        var record = await lanes.Host.Records.WaitForAsync(path);
        (record.Status, record.ProblemId).ShouldBe((400u, "bad-request"));
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_UpstreamAway_IsRecordedWithWhatWasCalled(Lane lane)
    {
        using var closed = new TcpListener(IPAddress.Loopback, 0);
        closed.Start();
        var dead = $"http://{closed.LocalEndpoint}";
        closed.Stop();
        var scene = await Scene.PutAsync(lanes, s => s.Api.Upstreams[0].Addresses[0].Url = dead);
        var reply = await scene.SendAsync(lane);
        var record = lanes.Host.Records.Of(reply.Header("X-Request-Id"));
        (record.Status, record.ProblemId, record.UpstreamAddress, record.UpstreamTries).ShouldBe(
            (502u, "upstream-unreachable", dead, 1u)
        );
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_ClientLeaves_IsRecorded(Lane lane)
    {
        var came = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartAsync(async context =>
        {
            came.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Api.Upstreams[0].Addresses[0].Url = upstream.Origin
        );
        using var client = GatewayHost.CreateClient();
        using var leave = new CancellationTokenSource();
        var call = SendAsync(client, lane, scene, HttpMethod.Get, "/items/9", null, leave.Token);
        await came.Task.WaitAsync(TimeSpan.FromSeconds(20));
        await leave.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(call);
        var record = await lanes.Host.Records.WaitForAsync(scene.Api.BasePath + "/items/9");
        record.Status.ShouldBe(499u);
    }

    [Theory, MemberData(nameof(Wire))]
    public async Task Record_Bodies_AreCounted(Lane lane)
    {
        const int Up = 300_000;
        const int Down = 500_000;
        await using var upstream = await RecordingUpstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.Body.WriteAsync(new byte[Down]);
        });
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Api.Upstreams[0].Addresses[0].Url = upstream.Origin
        );
        using var client = GatewayHost.CreateClient();
        using var content = new ByteArrayContent(new byte[Up]);
        using var response = await SendAsync(
            client,
            lane,
            scene,
            HttpMethod.Post,
            "/items",
            content
        );
        (await response.Content.ReadAsByteArrayAsync()).Length.ShouldBe(Down);
        var record = lanes.Host.Records.Of(response.Headers.GetValues("X-Request-Id").Single());
        record.BytesIn.ShouldBeInRange(Up + 100ul, Up + 2_000ul);
        record.BytesOut.ShouldBeInRange(Down + 50ul, Down + 2_000ul);
    }

    [Fact]
    public async Task Record_WebSocket_IsRecordedWithWhatWentBothWays()
    {
        await using var upstream = await RecordingUpstream.StartAsync(EchoAsync);
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Api.Upstreams[0].Addresses[0].Url = upstream.Origin
        );
        var path = scene.Api.BasePath + "/items/5";
        using var client = new ClientWebSocket();
        client.Options.SetRequestHeader("X-Api-Key", scene.Key);
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await client.ConnectAsync(
            new Uri($"ws://{new Uri(lanes.Host.Http).Authority}{path}"),
            limit.Token
        );
        await client.SendAsync(
            new byte[1_000],
            WebSocketMessageType.Binary,
            endOfMessage: true,
            limit.Token
        );
        (await client.ReceiveAsync(new byte[2_000], limit.Token)).Count.ShouldBe(1_000);
        await client.CloseAsync(WebSocketCloseStatus.NormalClosure, null, limit.Token);
        var record = await lanes.Host.Records.WaitForAsync(path);
        (record.Status, record.Protocol).ShouldBe((101u, Protocol.Websocket));
        record.BytesIn.ShouldBeInRange(1_200ul, 3_000ul);
        record.BytesOut.ShouldBeInRange(1_100ul, 3_000ul);
    }

    // RFC 6455 section 4.2.2
    private static async Task EchoAsync(HttpContext context)
    {
        var key = context.Request.Headers.SecWebSocketKey + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
#pragma warning disable CA5350 // The protocol's, and proves nothing.
        context.Response.Headers.SecWebSocketAccept = Convert.ToBase64String(
            SHA1.HashData(Encoding.ASCII.GetBytes(key))
        );
#pragma warning restore CA5350
        context.Response.Headers.Upgrade = "websocket";
        var upgrade = context.Features.GetRequiredFeature<IHttpUpgradeFeature>();
        using var socket = WebSocket.CreateFromStream(
            await upgrade.UpgradeAsync(),
            new WebSocketCreationOptions { IsServer = true }
        );
        var buffer = new byte[2_000];
        var received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        while (received.MessageType != WebSocketMessageType.Close)
        {
            await socket.SendAsync(
                buffer.AsMemory(0, received.Count),
                received.MessageType,
                received.EndOfMessage,
                context.RequestAborted
            );
            received = await socket.ReceiveAsync(buffer, context.RequestAborted);
        }

        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, null, context.RequestAborted);
    }

    private Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        Lane lane,
        Scene scene,
        HttpMethod method,
        string path,
        HttpContent? content,
        CancellationToken stop = default
    ) =>
        client.SendAsync(
            new HttpRequestMessage(method, lanes.Host.OriginOf(lane) + scene.Api.BasePath + path)
            {
                Version = lane.Version(),
                VersionPolicy = HttpVersionPolicy.RequestVersionExact,
                Content = content,
                Headers = { { "X-Api-Key", scene.Key } },
            },
            stop
        );
}
