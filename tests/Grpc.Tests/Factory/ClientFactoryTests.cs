using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.ClientFactory;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests.Factory;

public sealed class ClientFactoryTests
{
    [Fact]
    public async Task Resolve_Client_CallsThroughTheHandlersOfItsName()
    {
        await using var host = await ProbeHost.StartAsync();
        var requests = new List<string?>();
        await using var services = Services(clients =>
            clients
                .AddGrpcClient<Probe.ProbeClient>(options => options.Address = host.Address)
                .AddHttpMessageHandler(() => new NotingHandler(requests))
        );

        var reply = await services
            .GetRequiredService<Probe.ProbeClient>()
            .UnaryAsync(new ProbeRequest { Text = "made" });

        reply.Text.ShouldBe("made");
        requests.ShouldBe(["/apisvc.tests.v1.Probe/Unary"]);
    }

    [Fact]
    public async Task ConfigureHttpClientDefaults_Handlers_ApplyToGrpcClients()
    {
        await using var host = await ProbeHost.StartAsync();
        var requests = new List<string?>();
        await using var services = Services(clients =>
        {
            clients.ConfigureHttpClientDefaults(http =>
                http.AddHttpMessageHandler(() => new NotingHandler(requests))
            );
            clients.AddGrpcClient<Probe.ProbeClient>(options => options.Address = host.Address);
        });

        await services.GetRequiredService<Probe.ProbeClient>().UnaryAsync(new ProbeRequest());

        requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task CreateClient_ByName_HasItsOwnOptions()
    {
        await using var one = await ProbeHost.StartAsync();
        await using var two = await ProbeHost.StartAsync();
        await using var services = Services(clients =>
        {
            clients.AddGrpcClient<Probe.ProbeClient>(
                "one",
                options => options.Address = one.Address
            );
            clients
                .AddGrpcClient<Probe.ProbeClient>(
                    "two",
                    (_, options) => options.Address = two.Address
                )
                .ConfigureChannel(channel => channel.MaxSendMessageSize = 10);
        });
        var factory = services.GetRequiredService<GrpcClientFactory>();

        var first = await factory
            .CreateClient<Probe.ProbeClient>("one")
            .UnaryAsync(new ProbeRequest { Text = "peer" });
        var second = await factory
            .CreateClient<Probe.ProbeClient>("two")
            .UnaryAsync(new ProbeRequest { Text = "peer" });

        first.Text.ShouldContain(one.Address.Authority);
        second.Text.ShouldContain(two.Address.Authority);
        (
            await Should.ThrowAsync<RpcException>(
                factory
                    .CreateClient<Probe.ProbeClient>("two")
                    .UnaryAsync(new ProbeRequest { Text = "longer than ten" })
                    .ResponseAsync
            )
        ).StatusCode.ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public void CreateClient_WithoutNameOrAddress_Throws()
    {
        using var services = Services(clients => clients.AddGrpcClient<Probe.ProbeClient>("known"));
        var factory = services.GetRequiredService<GrpcClientFactory>();

        Should
            .Throw<InvalidOperationException>(() =>
                factory.CreateClient<Probe.ProbeClient>("unknown")
            )
            .Message.ShouldContain("'unknown'");
        Should
            .Throw<InvalidOperationException>(() =>
                factory.CreateClient<Probe.ProbeClient>("known")
            )
            .Message.ShouldContain("address");
    }

    [Fact]
    public async Task AddInterceptor_Scopes_LiveAsLongAsTheySay()
    {
        await using var host = await ProbeHost.StartAsync();
        var made = new List<string>();
        var seen = new List<string>();
        await using var services = Services(clients =>
            clients
                .AddGrpcClient<Probe.ProbeClient>(options => options.Address = host.Address)
                .AddInterceptor(() => Make("channel"))
                .AddInterceptor(InterceptorScope.Client, () => Make("client"))
        );

        for (var i = 0; i < 2; i++)
        {
            await services.GetRequiredService<Probe.ProbeClient>().UnaryAsync(new ProbeRequest());
        }

        made.ShouldBe(["channel", "client", "client"], ignoreOrder: true);
        seen.ShouldBe(["client", "channel", "client", "channel"]);

        NotingInterceptor Make(string name)
        {
            made.Add(name);
            return new NotingInterceptor(name, seen);
        }
    }

    [Fact]
    public async Task AddCallCredentials_WithServices_AddMetadata()
    {
        await using var host = await ProbeHost.StartAsync();
        await using var services = Services(clients =>
        {
            clients.AddScoped<Token>();
            clients
                .AddGrpcClient<Probe.ProbeClient>(options => options.Address = host.Address)
                .ConfigureChannel(channel => channel.UnsafeUseInsecureChannelCallCredentials = true)
                .AddCallCredentials(
                    (_, metadata, provider) =>
                    {
                        metadata.Add("probe-token", provider.GetRequiredService<Token>().Value);
                        return Task.CompletedTask;
                    }
                );
        });
        await using var scope = services.CreateAsyncScope();

        using var call = scope
            .ServiceProvider.GetRequiredService<Probe.ProbeClient>()
            .UnaryAsync(new ProbeRequest { Text = "metadata" });
        await call;

        call.GetTrailers()
            .GetValue("trailing-probe-token")
            .ShouldBe(scope.ServiceProvider.GetRequiredService<Token>().Value);
    }

    private static ServiceProvider Services(Action<IServiceCollection> configure)
    {
        var services = new ServiceCollection();
        configure(services);
        return services.BuildServiceProvider(validateScopes: true);
    }

    private sealed class Token
    {
        public string Value { get; } = Guid.NewGuid().ToString("N");
    }

    private sealed class NotingHandler(List<string?> requests) : DelegatingHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            requests.Add(request.RequestUri?.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }

    private sealed class NotingInterceptor(string name, List<string> seen) : Interceptor
    {
        public override AsyncUnaryCall<TResponse> AsyncUnaryCall<TRequest, TResponse>(
            TRequest request,
            ClientInterceptorContext<TRequest, TResponse> context,
            AsyncUnaryCallContinuation<TRequest, TResponse> continuation
        )
        {
            seen.Add(name);
            return continuation(request, context);
        }
    }
}
