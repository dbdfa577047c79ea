using System.Net;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>A request of one message. It is serialized each time it is sent, so that it can be sent again.</summary>
internal sealed class UnaryContent<TRequest>(TRequest request, IHttpCall<TRequest> call)
    : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        using var buffer = new PooledBuffer();
        var compress = !(call.WriteOptions?.Flags ?? default).HasFlag(WriteFlags.NoCompress);
        call.CreateEncoder().Encode(request, call.Serialize, buffer, compress);
        await stream.WriteAsync(buffer.WrittenMemory, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
