using ApiSvc.GrpcTests.Services;
using Google.Protobuf;
using Grpc.AspNetCore.Server;
using Grpc.Core;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests.Calls;

public sealed class CallKindTests
{
    [Fact]
    public async Task Unary_Message_IsEchoed()
    {
        await using var host = await ProbeHost.StartAsync();

        using var call = host.Client().UnaryAsync(new ProbeRequest { Text = "hello", Count = 7 });
        var reply = await call;

        reply.ShouldBe(new ProbeReply { Text = "hello", Count = 7 });
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
        call.GetTrailers().ShouldBeEmpty();
        await host.Journal.WaitForAsync("disposed");
    }

    [Fact]
    public async Task Unary_EmptyMessage_IsEchoed()
    {
        await using var host = await ProbeHost.StartAsync();

        (await host.Client().UnaryAsync(new ProbeRequest())).ShouldBe(new ProbeReply());
    }

    [Fact]
    public async Task Unary_Blocking_Answers()
    {
        await using var host = await ProbeHost.StartAsync();

        host.Client().Unary(new ProbeRequest { Text = "now" }).Text.ShouldBe("now");
    }

    [Fact]
    public async Task Unary_LargeMessage_IsEchoed()
    {
        await using var host = await ProbeHost.StartAsync();
        var payload = new byte[3_000_000];
        Random.Shared.NextBytes(payload);

        var reply = await host.Client()
            .UnaryAsync(new ProbeRequest { Payload = ByteString.CopyFrom(payload) });

        reply.Payload.Span.SequenceEqual(payload).ShouldBeTrue();
    }

    [Fact]
    public async Task Unary_ManyAtOnce_AllAnswer()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = host.Client();

        var replies = await Task.WhenAll(
            Enumerable
                .Range(0, 500)
                .Select(i => client.UnaryAsync(new ProbeRequest { Count = i }).ResponseAsync)
        );

        replies.Select(reply => reply.Count).ShouldBe(Enumerable.Range(0, 500));
    }

    [Fact]
    public async Task Collect_Stream_IsReadInOrder()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Collect();

        foreach (var text in new[] { "a", "b", "c" })
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = text });
            // Each message arrives before the next is written.
            await host.Journal.WaitForAsync($"read {text}");
        }

        await call.RequestStream.CompleteAsync();

        (await call).Text.ShouldBe("a,b,c");
    }

    [Fact]
    public async Task Collect_BufferHint_WaitsForTheEnd()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Collect();
        call.RequestStream.WriteOptions = new WriteOptions(WriteFlags.BufferHint);

        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "a" });
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "b" });
        await call.RequestStream.CompleteAsync();

        (await call).Text.ShouldBe("a,b");
    }

    [Fact]
    public async Task Collect_WriteAfterComplete_Throws()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Collect();
        await call.RequestStream.CompleteAsync();

        await Should.ThrowAsync<InvalidOperationException>(() =>
            call.RequestStream.WriteAsync(new ProbeRequest())
        );
    }

    [Fact]
    public async Task Collect_ServerFails_WritesThrowItsStatus()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Collect();
        await call.RequestStream.WriteAsync(new ProbeRequest { Text = "stop" });

        (await Should.ThrowAsync<RpcException>(call.ResponseAsync)).Status.ShouldBe(
            new Status(StatusCode.Aborted, "enough")
        );
        (
            await Should.ThrowAsync<RpcException>(() =>
                call.RequestStream.WriteAsync(new ProbeRequest())
            )
        ).StatusCode.ShouldBe(StatusCode.Aborted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(1000)]
    public async Task Expand_Count_GivesSoMany(int count)
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Expand(new ProbeRequest { Count = count });

        var counts = new List<int>();
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            counts.Add(reply.Count);
        }

        counts.ShouldBe(Enumerable.Range(0, count));
        call.GetStatus().StatusCode.ShouldBe(StatusCode.OK);
    }

    [Fact]
    public async Task Expand_BufferedMessage_ComesWithTheEnd()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Expand(new ProbeRequest { Text = "hint" });

        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        call.ResponseStream.Current.Text.ShouldBe("buffered");
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Expand_FailsHalfway_MessagesThenStatus()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Expand(new ProbeRequest { Text = "fail", Count = 2 });

        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        var failure = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());

        failure.Status.ShouldBe(new Status(StatusCode.DataLoss, "halfway"));
        failure.Trailers.GetValue("after").ShouldBe("messages");
        call.GetTrailers().GetValue("after").ShouldBe("messages");
    }

    [Fact]
    public async Task Chat_PingPong_StaysInStep()
    {
        await using var host = await ProbeHost.StartAsync();
        using var call = host.Client().Chat();

        for (var i = 0; i < 100; i++)
        {
            await call.RequestStream.WriteAsync(new ProbeRequest { Text = $"{i}" });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            call.ResponseStream.Current.Text.ShouldBe($"{i}");
        }

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Endpoint_Metadata_HasMethodAndAttributes()
    {
        await using var host = await ProbeHost.StartAsync();

        var endpoint = host
            .Services.GetRequiredService<EndpointDataSource>()
            .Endpoints.Single(endpoint =>
                endpoint.Metadata.GetMetadata<GrpcMethodMetadata>()?.Method.Name == "Unary"
            );

        endpoint.DisplayName.ShouldBe("gRPC - /apisvc.tests.v1.Probe/Unary");
        endpoint
            .Metadata.GetMetadata<GrpcMethodMetadata>()!
            .ServiceType.ShouldBe(typeof(ProbeService));
        endpoint.Metadata.GetMetadata<ProbeMarkAttribute>().ShouldNotBeNull();
        endpoint.Metadata.GetMetadata<IAllowAnonymous>().ShouldNotBeNull();
    }

    [Fact]
    public async Task Context_Connection_IsToldInGrpcTerms()
    {
        await using var host = await ProbeHost.StartAsync();

        var reply = await host.Client().UnaryAsync(new ProbeRequest { Text = "peer" });

        var parts = reply.Text.Split('|');
        parts[0].ShouldStartWith("ipv4:127.0.0.1:");
        parts[1].ShouldBe(host.Address.Authority);
        parts[2].ShouldBe("/apisvc.tests.v1.Probe/Unary");
    }
}
