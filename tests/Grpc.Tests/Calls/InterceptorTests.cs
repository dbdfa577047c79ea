using ApiSvc.GrpcTests.Services;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.GrpcTests.Calls;

public sealed class InterceptorTests
{
    private static readonly string[] Methods = ["Unary", "Collect", "Expand", "Chat"];

    [Fact]
    public async Task Server_Interceptors_RunInOrderAroundEveryKind()
    {
        await using var host = await ProbeHost.StartAsync(
            grpc =>
            {
                grpc.Interceptors.Add<JournalInterceptor>("outer");
                grpc.Interceptors.Add<JournalInterceptor>("middle");
            },
            services =>
                services
                    .AddGrpc()
                    .AddServiceOptions<ProbeService>(probe =>
                        probe.Interceptors.Add<JournalInterceptor>("inner")
                    )
        );
        var client = host.Client();

        await client.UnaryAsync(new ProbeRequest());
        using var collect = client.Collect();
        await collect.RequestStream.CompleteAsync();
        await collect;
        using var expand = client.Expand(new ProbeRequest());
        (await expand.ResponseStream.MoveNext()).ShouldBeFalse();
        using var chat = client.Chat();
        await chat.RequestStream.CompleteAsync();
        (await chat.ResponseStream.MoveNext()).ShouldBeFalse();

        host.Journal.Entries.Where(entry => entry.Contains(':'))
            .ShouldBe(
                Methods.SelectMany(method =>
                    new[] { $"outer: {method}", $"middle: {method}", $"inner: {method}" }
                )
            );
    }

    [Fact]
    public async Task Server_RegisteredInterceptor_IsTheContainers()
    {
        var mine = new RefusingInterceptor();
        await using var host = await ProbeHost.StartAsync(
            grpc => grpc.Interceptors.Add<RefusingInterceptor>(),
            services => services.AddSingleton(mine)
        );

        var failure = await Should.ThrowAsync<RpcException>(
            host.Client().UnaryAsync(new ProbeRequest()).ResponseAsync
        );

        failure.StatusCode.ShouldBe(StatusCode.PermissionDenied);
        mine.Seen.ShouldBe(1);
    }

    [Fact]
    public async Task Client_Interceptors_FirstIsOutermost()
    {
        await using var host = await ProbeHost.StartAsync();
        var seen = new List<string>();
        var invoker = host.Channel()
            .Intercept(new ClientInterceptor("a", seen), new ClientInterceptor("b", seen))
            .Intercept(headers =>
            {
                seen.Add("headers");
                headers.Add("probe-from", "function");
                return headers;
            });

        using var call = new Probe.ProbeClient(invoker).UnaryAsync(
            new ProbeRequest { Text = "metadata" }
        );
        await call;

        seen.ShouldBe(["headers", "a", "b"]);
        call.GetTrailers().GetValue("trailing-probe-from").ShouldBe("function");
    }

    private sealed class JournalInterceptor(ProbeJournal journal, string name) : Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        )
        {
            Write(context);
            return continuation(request, context);
        }

        public override Task<TResponse> ClientStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            ServerCallContext context,
            ClientStreamingServerMethod<TRequest, TResponse> continuation
        )
        {
            Write(context);
            return continuation(requestStream, context);
        }

        public override Task ServerStreamingServerHandler<TRequest, TResponse>(
            TRequest request,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            ServerStreamingServerMethod<TRequest, TResponse> continuation
        )
        {
            Write(context);
            return continuation(request, responseStream, context);
        }

        public override Task DuplexStreamingServerHandler<TRequest, TResponse>(
            IAsyncStreamReader<TRequest> requestStream,
            IServerStreamWriter<TResponse> responseStream,
            ServerCallContext context,
            DuplexStreamingServerMethod<TRequest, TResponse> continuation
        )
        {
            Write(context);
            return continuation(requestStream, responseStream, context);
        }

        private void Write(ServerCallContext context) =>
            journal.Write($"{name}: {context.Method[(context.Method.LastIndexOf('/') + 1)..]}");
    }

    private sealed class RefusingInterceptor : Interceptor
    {
        public int Seen { get; private set; }

        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        )
        {
            Seen++;
            throw new RpcException(new Status(StatusCode.PermissionDenied, ""));
        }
    }

    private sealed class ClientInterceptor(string name, List<string> seen) : Interceptor
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
