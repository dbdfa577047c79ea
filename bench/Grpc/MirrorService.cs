using ApiSvc.Bench.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.Bench;

internal sealed class MirrorService : Mirror.MirrorBase
{
    public override Task<Packet> Unary(Packet request, ServerCallContext context) =>
        Task.FromResult(request);

    public override async Task Send(
        SendRequest request,
        IServerStreamWriter<Packet> responseStream,
        ServerCallContext context
    )
    {
        var packet = new Packet { Payload = ByteString.CopyFrom(new byte[request.Size]) };
        for (var i = 0; i < request.Count; i++)
        {
            await responseStream.WriteAsync(packet);
        }
    }

    public override async Task Exchange(
        IAsyncStreamReader<Packet> requestStream,
        IServerStreamWriter<Packet> responseStream,
        ServerCallContext context
    )
    {
        await foreach (var packet in requestStream.ReadAllAsync(context.CancellationToken))
        {
            await responseStream.WriteAsync(packet);
        }
    }
}
