using Google.Protobuf.Reflection;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using V1 = Grpc.Reflection.V1;
using V1Alpha = Grpc.Reflection.V1Alpha;

namespace ApiSvc.GrpcTests.Services;

public sealed class ReflectionTests
{
    [Fact]
    public async Task V1_ListAndSymbol_AreAnswered()
    {
        await using var host = await StartAsync();
        using var call = new V1.ServerReflection.ServerReflectionClient(
            host.Channel()
        ).ServerReflectionInfo();

        var list = await AskAsync(call, new V1.ServerReflectionRequest { ListServices = "" });
        var file = await AskAsync(
            call,
            new V1.ServerReflectionRequest { FileContainingSymbol = "apisvc.tests.v1.Probe.Unary" }
        );
        var unknown = await AskAsync(
            call,
            new V1.ServerReflectionRequest { FileContainingSymbol = "no.Such" }
        );
        await call.RequestStream.CompleteAsync();

        list.ListServicesResponse.Service.Select(service => service.Name)
            .ShouldBe([
                "apisvc.tests.v1.Probe",
                "grpc.reflection.v1.ServerReflection",
                "grpc.reflection.v1alpha.ServerReflection",
            ]);
        FileDescriptorProto
            .Parser.ParseFrom(file.FileDescriptorResponse.FileDescriptorProto.Single())
            .Service.Single()
            .Name.ShouldBe("Probe");
        unknown.ErrorResponse.ErrorCode.ShouldBe((int)StatusCode.NotFound);
        (await call.ResponseStream.MoveNext()).ShouldBeFalse();
    }

    [Fact]
    public async Task V1Alpha_FileByName_IsAnswered()
    {
        await using var host = await StartAsync();
        using var call = new V1Alpha.ServerReflection.ServerReflectionClient(
            host.Channel()
        ).ServerReflectionInfo();

        await call.RequestStream.WriteAsync(
            new V1Alpha.ServerReflectionRequest { FileByFilename = ProbeReflection.Descriptor.Name }
        );

        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        call.ResponseStream.Current.FileDescriptorResponse.FileDescriptorProto.Single()
            .ShouldBe(ProbeReflection.Descriptor.SerializedData);
    }

    private static Task<ProbeHost> StartAsync() =>
        ProbeHost.StartAsync(
            services: services => services.AddGrpcReflection(),
            map: app => app.MapGrpcReflectionService()
        );

    private static async Task<V1.ServerReflectionResponse> AskAsync(
        AsyncDuplexStreamingCall<V1.ServerReflectionRequest, V1.ServerReflectionResponse> call,
        V1.ServerReflectionRequest request
    )
    {
        await call.RequestStream.WriteAsync(request);
        (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        return call.ResponseStream.Current;
    }
}
