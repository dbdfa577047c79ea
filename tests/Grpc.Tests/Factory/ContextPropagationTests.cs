using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests.Factory;

public sealed class ContextPropagationTests
{
    [Fact]
    public async Task Deadline_OfTheServerCall_HoldsForTheClientCall()
    {
        await using var back = await ProbeHost.StartAsync();
        await using var front = await FrontAsync(back);

        var reply = await front
            .Client()
            .UnaryAsync(
                new ProbeRequest { Text = "deadline" },
                deadline: DateTime.UtcNow.AddSeconds(50)
            );

        reply.Text.ShouldNotStartWith("9999");
    }

    [Fact]
    public async Task Cancellation_OfTheServerCall_ReachesTheServerBehind()
    {
        await using var back = await ProbeHost.StartAsync();
        await using var front = await FrontAsync(back);
        using var cancellation = new CancellationTokenSource();
        var call = front
            .Client()
            .UnaryAsync(new ProbeRequest { Text = "wait" }, cancellationToken: cancellation.Token);
        await back.Journal.WaitForAsync("waiting");

        await cancellation.CancelAsync();

        await Should.ThrowAsync<RpcException>(call.ResponseAsync);
        await back.Journal.WaitForAsync("cancelled");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Call_OutsideOfAServerCall_FailsUnlessAllowed(bool suppress)
    {
        await using var back = await ProbeHost.StartAsync();
        var services = new ServiceCollection();
        services
            .AddGrpcClient<Probe.ProbeClient>(options => options.Address = back.Address)
            .EnableCallContextPropagation(options =>
                options.SuppressContextNotFoundErrors = suppress
            );
        await using var provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<Probe.ProbeClient>();

        if (suppress)
        {
            await client.UnaryAsync(new ProbeRequest());
        }
        else
        {
            Should.Throw<InvalidOperationException>(() => client.UnaryAsync(new ProbeRequest()));
        }
    }

    /// <summary>A server that hands unary calls on, with a cancellation of its own besides.</summary>
    private static Task<ProbeHost> FrontAsync(ProbeHost back) =>
        ProbeHost.StartAsync(
            grpc => grpc.Interceptors.Add<Forwarder>(),
            services =>
                services
                    .AddGrpcClient<Probe.ProbeClient>(options => options.Address = back.Address)
                    .EnableCallContextPropagation()
        );

    private sealed class Forwarder(Probe.ProbeClient client) : Interceptor
    {
        public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        )
        {
            using var own = new CancellationTokenSource();
            return (TResponse)
                (object)
                    await client.UnaryAsync(
                        (ProbeRequest)(object)request,
                        cancellationToken: own.Token
                    );
        }
    }
}
