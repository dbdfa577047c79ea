using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.Interop.Client;

/// <summary>Large messages, limits and compression.</summary>
internal static class SizeCases
{
    public static async Task LargeMessageAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var request = new Parcel { Payload = Filled(10 * Limits.MiB, 'x') };
        (await connection.Probe.EchoAsync(request)).Equals(request).ShouldBeTrue();
    }

    public static async Task RequestOverLimitAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var request = new Parcel { Payload = Filled(Limits.MaxMessage + 1, 'x') };
        var failure = await Should.ThrowAsync<RpcException>(
            connection.Probe.EchoAsync(request).ResponseAsync
        );
        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted, failure.ToString());
        await connection.Probe.EchoAsync(new());
    }

    public static async Task ReplyOverLimitAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target, roomy: false);
        var failure = await Should.ThrowAsync<RpcException>(
            connection.Probe.EchoAsync(new() { ReplySize = 4 * Limits.MiB }).ResponseAsync
        );
        failure.StatusCode.ShouldBe(StatusCode.ResourceExhausted, failure.ToString());
        await connection.Probe.EchoAsync(new());
    }

    public static async Task GzipRequestAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var request = new Parcel { Payload = Filled(Limits.MiB, 'z'), Text = "packed" };
        // The name by which a client asks for a compressed request.
        var metadata = new Metadata { { "grpc-internal-encoding-request", "gzip" } };
        (await connection.Probe.EchoAsync(request, metadata)).Equals(request).ShouldBeTrue();
    }

    public static async Task GzipReplyAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var request = new Parcel { Payload = Filled(Limits.MiB, 'z') };
        var metadata = new Metadata { { "x-gzip", "1" } };
        (await connection.Probe.EchoAsync(request, metadata)).Equals(request).ShouldBeTrue();
    }

    private static ByteString Filled(int size, char with)
    {
        var bytes = new byte[size];
        Array.Fill(bytes, (byte)with);
        return UnsafeByteOperations.UnsafeWrap(bytes);
    }
}
