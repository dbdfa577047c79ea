using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Google.Rpc;
using Grpc.Core;

namespace ApiSvc.Interop.Client;

/// <summary>How calls fail.</summary>
internal static class StatusCases
{
    public static async Task StatusCodesAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        await connection.Probe.FailAsync(new() { Code = 0 });
        for (var code = 1; code <= 16; code++)
        {
            var request = new FailRequest
            {
                Code = code,
                Message = $"because of {code}",
                After = 2,
            };
            (await FailureAsync(connection.Probe.FailAsync(request))).ShouldBe(
                (code, request.Message)
            );

            using var late = connection.Probe.FailAfter(request);
            (await late.ResponseStream.MoveNext()).ShouldBeTrue();
            (await late.ResponseStream.MoveNext()).ShouldBeTrue();
            var ended = await Should.ThrowAsync<RpcException>(() => late.ResponseStream.MoveNext());
            ((int)ended.StatusCode, ended.Status.Detail).ShouldBe((code, request.Message));
        }
    }

    public static async Task StatusMessageAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        foreach (
            var message in (string[])["Größe 世界 🚀", "100% %41 \"quoted\"", "two\nlines\ttab"]
        )
        {
            var call = connection.Probe.FailAsync(new() { Code = 3, Message = message });
            (await FailureAsync(call)).ShouldBe((3, message));
        }
    }

    public static async Task RichStatusAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.FailAsync(
            new()
            {
                Code = 3,
                Message = "Größe",
                Details = true,
            }
        );
        var failure = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
        var status = failure.GetRpcStatus().ShouldNotBeNull();
        (status.Code, status.Message).ShouldBe((3, "Größe"));
        status
            .GetDetail<BadRequest>()
            .ShouldNotBeNull()
            .FieldViolations.Select(violation => (violation.Field, violation.Description))
            .ShouldBe([("name", "Give a name."), ("größe", "1 to 100.")]);
    }

    public static async Task UnimplementedAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var unimplemented = (int)StatusCode.Unimplemented;
        (await FailureAsync(connection.Probe.UnwrittenAsync(new()))).Code.ShouldBe(unimplemented);

        var absent = new Absent.AbsentClient(connection.Channel);
        (await FailureAsync(absent.CallAsync(new()))).Code.ShouldBe(unimplemented);

        var bytes = Marshallers.Create<byte[]>(value => value, value => value);
        var unknown = new Method<byte[], byte[]>(
            MethodType.Unary,
            Probe.Descriptor.FullName,
            "Unknown",
            bytes,
            bytes
        );
        var call = connection
            .Channel.CreateCallInvoker()
            .AsyncUnaryCall(unknown, null, default, []);
        (await FailureAsync(call)).Code.ShouldBe(unimplemented);
    }

    private static async Task<(int Code, string Message)> FailureAsync<T>(AsyncUnaryCall<T> call)
    {
        using (call)
        {
            var failure = await Should.ThrowAsync<RpcException>(call.ResponseAsync);
            call.GetStatus().ShouldBe(failure.Status);
            return ((int)failure.StatusCode, failure.Status.Detail);
        }
    }
}
