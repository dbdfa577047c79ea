using System.Diagnostics;
using Google.Protobuf.WellKnownTypes;
using Google.Rpc;
using Grpc.Core;
using Grpc.Net.Client;
using Status = Grpc.Core.Status;

namespace ApiSvc.GrpcTests.Calls;

public sealed class StatusTests
{
    public static TheoryData<StatusCode> Failures { get; } =
    [.. System.Enum.GetValues<StatusCode>().Where(code => code != StatusCode.OK)];

    [Theory]
    [MemberData(nameof(Failures))]
    public async Task Throw_RpcException_ReachesTheCaller(StatusCode code)
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await FailAsync(host, new ProbeRequest { Text = "fail", Count = (int)code });

        failure.Status.ShouldBe(new Status(code, "détail – ☃ 100%"));
        failure.Trailers.GetValue("reason").ShouldBe("because");
        failure.Trailers.GetValueBytes("blob-bin").ShouldBe([0, 1, 254, 255]);
    }

    [Fact]
    public async Task Set_StatusInContext_ReachesTheCaller()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await FailAsync(
            host,
            new ProbeRequest { Text = "status", Count = (int)StatusCode.NotFound }
        );

        failure.Status.ShouldBe(new Status(StatusCode.NotFound, "häufig % \n gewählt"));
    }

    [Fact]
    public async Task Throw_OtherException_IsUnknownWithoutInternals()
    {
        await using var host = await ProbeHost.StartAsync();

        var failure = await FailAsync(host, new ProbeRequest { Text = "throw" });

        failure.Status.ShouldBe(new Status(StatusCode.Unknown, "Exception was thrown by handler."));
    }

    [Fact]
    public async Task Throw_OtherExceptionWithDetailedErrors_SaysWhich()
    {
        await using var host = await ProbeHost.StartAsync(grpc => grpc.EnableDetailedErrors = true);

        var failure = await FailAsync(host, new ProbeRequest { Text = "throw" });

        failure.Status.Detail.ShouldBe(
            "Exception was thrown by handler. InvalidOperationException: secret detail"
        );
    }

    [Fact]
    public async Task Return_Null_IsCancelled()
    {
        await using var host = await ProbeHost.StartAsync();

        (await FailAsync(host, new ProbeRequest { Text = "null" })).StatusCode.ShouldBe(
            StatusCode.Cancelled
        );
    }

    [Fact]
    public async Task Details_InTrailers_AreRead()
    {
        var details = new Google.Rpc.Status
        {
            Code = (int)Code.InvalidArgument,
            Message = "two things",
            Details =
            {
                Any.Pack(
                    new BadRequest
                    {
                        FieldViolations =
                        {
                            new BadRequest.Types.FieldViolation
                            {
                                Field = "name",
                                Description = "missing",
                            },
                        },
                    }
                ),
                Any.Pack(new ErrorInfo { Domain = "apisvc" }),
            },
        };
        await using var host = await ProbeHost.StartAsync(grpc =>
            grpc.Interceptors.Add<DetailsInterceptor>(details)
        );

        var failure = await FailAsync(host, new ProbeRequest());

        failure.Status.ShouldBe(new Status(StatusCode.InvalidArgument, "two things"));
        var read = failure.GetRpcStatus().ShouldNotBeNull();
        read.ShouldBe(details);
        read.GetDetail<BadRequest>()!.FieldViolations.Single().Field.ShouldBe("name");
        read.GetDetail<ErrorInfo>()!.Domain.ShouldBe("apisvc");
        read.GetDetail<RetryInfo>().ShouldBeNull();
    }

    [Fact]
    public async Task Method_NotThere_IsUnimplemented()
    {
        await using var host = await ProbeHost.StartAsync();
        var marshaller = Marshallers.StringMarshaller;

        foreach (var service in new[] { "apisvc.tests.v1.Probe", "other.Service" })
        {
            var method = new Method<string, string>(
                MethodType.Unary,
                service,
                "Absent",
                marshaller,
                marshaller
            );
            var failure = await Should.ThrowAsync<RpcException>(
                host.Channel()
                    .CreateCallInvoker()
                    .AsyncUnaryCall(method, host: null, default, "")
                    .ResponseAsync
            );
            failure.StatusCode.ShouldBe(StatusCode.Unimplemented);
        }
    }

    [Fact]
    public async Task Connect_NobodyListens_IsUnavailableAndSaysWhy()
    {
        var host = await ProbeHost.StartAsync();
        var address = host.Address;
        await host.DisposeAsync();
        using var channel = GrpcChannel.ForAddress(address);

        using var call = new Probe.ProbeClient(channel).UnaryAsync(new ProbeRequest());
        var failure = await Should.ThrowAsync<RpcException>(call.ResponseAsync);

        failure.StatusCode.ShouldBe(StatusCode.Unavailable);
        failure.Status.Detail.ShouldContain("Connection refused");
        failure.Status.DebugException.ShouldNotBeNull();
        call.GetStatus().StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(call.ResponseHeadersAsync)).StatusCode.ShouldBe(
            StatusCode.Unavailable
        );
    }

    [Fact]
    public async Task Call_Ends_ActivityIsTagged()
    {
        var tags = new TaskCompletionSource<Dictionary<string, string?>>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) =>
                ActivitySamplingResult.AllData,
            ActivityStopped = activity =>
            {
                if (activity.GetTagItem("grpc.status_code") is "9")
                {
                    tags.TrySetResult(activity.Tags.ToDictionary());
                }
            },
        };
        ActivitySource.AddActivityListener(listener);
        await using var host = await ProbeHost.StartAsync();

        await FailAsync(
            host,
            new ProbeRequest { Text = "fail", Count = (int)StatusCode.FailedPrecondition }
        );

        var stopped = await tags.Task.WaitAsync(TimeSpan.FromSeconds(10));
        stopped["grpc.method"].ShouldBe("/apisvc.tests.v1.Probe/Unary");
    }

    private static Task<RpcException> FailAsync(ProbeHost host, ProbeRequest request) =>
        Should.ThrowAsync<RpcException>(host.Client().UnaryAsync(request).ResponseAsync);

    private sealed class DetailsInterceptor(Google.Rpc.Status details)
        : Grpc.Core.Interceptors.Interceptor
    {
        public override Task<TResponse> UnaryServerHandler<TRequest, TResponse>(
            TRequest request,
            ServerCallContext context,
            UnaryServerMethod<TRequest, TResponse> continuation
        ) => throw details.ToRpcException();
    }
}
