using Grpc.Core;
using Grpc.Health.V1;
using Grpc.HealthCheck;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace ApiSvc.GrpcTests.Services;

public sealed class HealthTests
{
    [Fact]
    public async Task Check_Mapping_SaysWhichChecksCount()
    {
        await using var host = await StartAsync();
        var client = new Grpc.Health.V1.Health.HealthClient(host.Channel());

        (await CheckAsync(client, "")).ShouldBe(ServingStatus.NotServing);
        (await CheckAsync(client, "good")).ShouldBe(ServingStatus.Serving);
        (await CheckAsync(client, "none")).ShouldBe(ServingStatus.Unknown);
        (
            await Should.ThrowAsync<RpcException>(() => CheckAsync(client, "absent"))
        ).StatusCode.ShouldBe(StatusCode.NotFound);
    }

    [Fact]
    public async Task Watch_StatusChanges_AreTold()
    {
        await using var host = await StartAsync();
        using var call = new Grpc.Health.V1.Health.HealthClient(host.Channel()).Watch(
            new HealthCheckRequest { Service = "good" }
        );

        (await NextAsync(call)).ShouldBe(ServingStatus.Serving);
        host.Services.GetRequiredService<HealthServiceImpl>()
            .SetStatus("good", ServingStatus.NotServing);
        (await NextAsync(call)).ShouldBe(ServingStatus.NotServing);
        await host.StopAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task Watch_UnknownService_IsToldSo()
    {
        await using var host = await StartAsync();
        using var call = new Grpc.Health.V1.Health.HealthClient(host.Channel()).Watch(
            new HealthCheckRequest { Service = "absent" }
        );

        (await NextAsync(call)).ShouldBe(ServingStatus.ServiceUnknown);
    }

    private static Task<ProbeHost> StartAsync() =>
        ProbeHost.StartAsync(
            services: services =>
                services
                    .AddGrpcHealthChecks(health =>
                    {
                        health.Services.Map("good", check => check.Tags.Contains("good"));
                        health.Services.Map("none", _ => false);
                    })
                    .AddCheck("fine", () => HealthCheckResult.Healthy(), ["good"])
                    .AddCheck("slow", () => HealthCheckResult.Degraded(), ["good"])
                    .AddCheck("broken", () => HealthCheckResult.Unhealthy()),
            map: app => app.MapGrpcHealthChecksService()
        );

    private static async Task<ServingStatus> CheckAsync(
        Grpc.Health.V1.Health.HealthClient client,
        string service
    ) => (await client.CheckAsync(new HealthCheckRequest { Service = service })).Status;

    private static async Task<ServingStatus> NextAsync(
        AsyncServerStreamingCall<HealthCheckResponse> call
    )
    {
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        return call.ResponseStream.Current.Status;
    }
}
