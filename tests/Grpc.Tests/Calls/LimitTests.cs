using ApiSvc.GrpcTests.Services;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests.Calls;

public sealed class LimitTests
{
    private static readonly ProbeRequest Large = new()
    {
        Payload = ByteString.CopyFrom(new byte[5_000_000]),
    };

    [Fact]
    public async Task Receive_OverTheDefault_IsResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync();

        (await FailAsync(host.Client(), Large)).Status.ShouldBe(
            new Status(
                StatusCode.ResourceExhausted,
                "Received message exceeds the maximum configured message size."
            )
        );
        host.Journal.Entries.ShouldNotContain("unary");
    }

    [Fact]
    public async Task Receive_LimitLifted_IsServed()
    {
        await using var host = await ProbeHost.StartAsync(grpc =>
            grpc.MaxReceiveMessageSize = null
        );
        var client = host.Client(channel => channel.MaxReceiveMessageSize = null);

        (await client.UnaryAsync(Large)).Payload.Length.ShouldBe(5_000_000);
    }

    [Fact]
    public async Task Receive_LimitOfTheService_GoesBeforeThatOfAll()
    {
        await using var host = await ProbeHost.StartAsync(
            grpc => grpc.MaxReceiveMessageSize = 10,
            services =>
                services
                    .AddGrpc()
                    .AddServiceOptions<ProbeService>(probe => probe.MaxReceiveMessageSize = 1000)
        );

        await host.Client().UnaryAsync(new ProbeRequest { Text = new string('x', 100) });
        (
            await FailAsync(host.Client(), new ProbeRequest { Text = new string('x', 1001) })
        ).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Send_OverTheServersLimit_IsResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync(grpc => grpc.MaxSendMessageSize = 100);

        (
            await FailAsync(host.Client(), new ProbeRequest { Text = "big", Count = 101 })
        ).Status.ShouldBe(
            new Status(
                StatusCode.ResourceExhausted,
                "Sending message exceeds the maximum configured message size."
            )
        );
    }

    [Fact]
    public async Task Receive_OverTheClientsLimit_IsResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = host.Client(channel => channel.MaxReceiveMessageSize = 100);

        (
            await FailAsync(client, new ProbeRequest { Text = "big", Count = 101 })
        ).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Send_OverTheClientsLimit_IsResourceExhausted()
    {
        await using var host = await ProbeHost.StartAsync();
        var client = host.Client(channel => channel.MaxSendMessageSize = 100);

        (await FailAsync(client, Large)).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
        host.Journal.Entries.ShouldNotContain("unary");
    }

    private static Task<RpcException> FailAsync(Probe.ProbeClient client, ProbeRequest request) =>
        Should.ThrowAsync<RpcException>(client.UnaryAsync(request).ResponseAsync);
}
