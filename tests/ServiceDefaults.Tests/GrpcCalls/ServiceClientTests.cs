using ApiSvc.ServiceDefaults.Permissions;
using ApiSvc.ServiceDefaults.Tests.GrpcCalls.Proto;
using ApiSvc.ServiceDefaults.Tests.ServiceTokens;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.ServiceDefaults.Tests.GrpcCalls;

public sealed class ServiceClientTests
{
    [Fact]
    public async Task AddServiceClient_CallFromAnotherService_IsFoundAndCarriesTheServicesToken()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        string? audience = null;
        issuer.OnTokenRequest = async (request, _) =>
        {
            audience = (await request.ReadFormAsync())["audience"];
            var token = issuer.Token(
                claims: new Dictionary<string, object>
                {
                    ["sub"] = "gateway",
                    ["apisvc_kind"] = "service",
                }
            );
            return Results.Json(new { access_token = token, expires_in = 300 });
        };
        await using var callee = await ServiceHost.StartAsync(
            app => app.MapGrpcService<ThingsService>(),
            builder =>
            {
                builder.Services.AddSingleton(new FakeTeams());
            },
            ("Tokens:Issuer", issuer.Issuer)
        );
        await using var caller = await ServiceHost.StartAsync(
            configure: builder => builder.Services.AddServiceClient<Things.ThingsClient>("sample"),
            settings:
            [
                ("Tokens:Issuer", issuer.Issuer),
                ("Tokens:ClientId", "gateway"),
                ("Tokens:ClientSecret", "secret"),
                ("services:sample:grpc:0", callee.Address("grpc").ToString()),
            ]
        );
        var client = caller.App.Services.GetRequiredService<Things.ThingsClient>();

        var answer = await client.PingAsync(new ThingRequest());

        answer.Id.ShouldBe("gateway");
        audience.ShouldBe("sample");
    }

    [Fact]
    public async Task AddServiceClient_CallWithinACall_KeepsItsDeadline()
    {
        await using var issuer = await FakeIssuer.StartAsync();
        var inner = new TaskCompletionSource<DateTime>();
        await using var callee = await ServiceHost.StartAsync(
            app => app.MapGrpcService<DeadlineService>(),
            builder =>
            {
                builder.Services.AddSingleton(inner);
            },
            ("Tokens:Issuer", issuer.Issuer)
        );
        await using var caller = await ServiceHost.StartAsync(
            app => app.MapGrpcService<RelayService>(),
            builder =>
            {
                builder.Services.AddServiceClient<Things.ThingsClient>("sample");
            },
            ("Tokens:Issuer", issuer.Issuer),
            ("Tokens:ClientId", "gateway"),
            ("Tokens:ClientSecret", "secret"),
            ("services:sample:grpc:0", callee.Address("grpc").ToString())
        );
        using var channel = Grpc.Net.Client.GrpcChannel.ForAddress(caller.Address("grpc"));
        var deadline = DateTime.UtcNow.AddSeconds(30);

        await new Things.ThingsClient(channel).PingAsync(new ThingRequest(), deadline: deadline);

        (await inner.Task).ShouldBe(deadline, TimeSpan.FromSeconds(2));
    }

    /// <summary>Every method but the one under test is anonymous too: the start checks them all.</summary>
    private abstract class AnonymousThings : Things.ThingsBase
    {
        [AnonymousCaller]
        public override Task<Thing> Get(ThingRequest request, ServerCallContext context) => None();

        [AnonymousCaller]
        public override Task<Thing> Update(UpdateRequest request, ServerCallContext context) =>
            None();

        [AnonymousCaller]
        public override Task<Thing> Create(CreateRequest request, ServerCallContext context) =>
            None();

        [AnonymousCaller]
        public override Task<Thing> List(CreateRequest request, ServerCallContext context) =>
            None();

        [AnonymousCaller]
        public override Task<Thing> Fail(ThingRequest request, ServerCallContext context) => None();

        [AnonymousCaller]
        public override Task Watch(
            ThingRequest request,
            IServerStreamWriter<Thing> responseStream,
            ServerCallContext context
        ) => None();

        [AnonymousCaller]
        public override Task<Thing> Upload(
            IAsyncStreamReader<Thing> requestStream,
            ServerCallContext context
        ) => None();

        [AnonymousCaller]
        public override Task Chat(
            IAsyncStreamReader<Thing> requestStream,
            IServerStreamWriter<Thing> responseStream,
            ServerCallContext context
        ) => None();

        private static Task<Thing> None() => Task.FromResult(new Thing());
    }

    private sealed class RelayService(Things.ThingsClient next) : AnonymousThings
    {
        [AnonymousCaller]
        public override async Task<Thing> Ping(ThingRequest request, ServerCallContext context) =>
            await next.PingAsync(request);
    }

    private sealed class DeadlineService(TaskCompletionSource<DateTime> seen) : AnonymousThings
    {
        [AnonymousCaller]
        public override Task<Thing> Ping(ThingRequest request, ServerCallContext context)
        {
            seen.TrySetResult(context.Deadline);
            return Task.FromResult(new Thing());
        }
    }
}
