using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Google.Protobuf.Reflection;
using Grpc.Core;
using Grpc.Health.V1;
using Grpc.Reflection.V1Alpha;
using static Grpc.Health.V1.HealthCheckResponse.Types;

namespace ApiSvc.Interop.Client;

/// <summary>The services that every server has.</summary>
internal static class ServiceCases
{
    private static readonly string ProbeName = Probe.Descriptor.FullName;

    public static async Task ReflectionAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var client = new ServerReflection.ServerReflectionClient(connection.Channel);
        using var call = client.ServerReflectionInfo();

        var services = await AskAsync(new() { ListServices = "*" });
        services.ListServicesResponse.Service.Select(s => s.Name).ShouldContain(ProbeName);

        var files = await AskAsync(new() { FileContainingSymbol = ProbeName });
        files
            .FileDescriptorResponse.FileDescriptorProto.Select(FileDescriptorProto.Parser.ParseFrom)
            .SelectMany(file => file.Service)
            .Single(service => service.Name == Probe.Descriptor.Name)
            .Method.Select(method => method.Name)
            .ShouldBe(Probe.Descriptor.Methods.Select(method => method.Name), ignoreOrder: true);

        var unknown = await AskAsync(new() { FileContainingSymbol = "apisvc.interop.v1.Nothing" });
        unknown.ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);

        await call.RequestStream.CompleteAsync();
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();

        async Task<ServerReflectionResponse> AskAsync(ServerReflectionRequest request)
        {
            await call.RequestStream.WriteAsync(request);
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
            return call.ResponseStream.Current;
        }
    }

    public static async Task HealthCheckAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var client = new Grpc.Health.V1.Health.HealthClient(connection.Channel);
        foreach (var service in (string[])["", ProbeName])
        {
            var reply = await client.CheckAsync(new() { Service = service });
            reply.Status.ShouldBe(ServingStatus.Serving);
        }

        var unknown = await Should.ThrowAsync<RpcException>(
            client.CheckAsync(new() { Service = "unknown" }).ResponseAsync
        );
        unknown.StatusCode.ShouldBe(StatusCode.NotFound);
    }

    public static async Task HealthWatchAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        var client = new Grpc.Health.V1.Health.HealthClient(connection.Channel);
        using var cancellation = new CancellationTokenSource();
        using var call = client.Watch(
            new() { Service = ProbeName },
            cancellationToken: cancellation.Token
        );
        await NextIsAsync(ServingStatus.Serving);
        await connection.Probe.SetHealthAsync(new() { Service = ProbeName, Serving = false });
        await NextIsAsync(ServingStatus.NotServing);
        await connection.Probe.SetHealthAsync(new() { Service = ProbeName, Serving = true });
        await NextIsAsync(ServingStatus.Serving);
        await cancellation.CancelAsync();
        var ended = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        ended.StatusCode.ShouldBe(StatusCode.Cancelled);

        using var unknown = client.Watch(new() { Service = "unknown" });
        (await unknown.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
        unknown.ResponseStream.Current.Status.ShouldBe(ServingStatus.ServiceUnknown);

        async Task NextIsAsync(ServingStatus wanted)
        {
            do
            {
                (await call.ResponseStream.MoveNext(patience.Token)).ShouldBeTrue();
            } while (call.ResponseStream.Current.Status != wanted);
        }
    }
}
