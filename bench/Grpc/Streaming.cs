using ApiSvc.Bench.V1;
using Google.Protobuf;
using Grpc.Core;

namespace ApiSvc.Bench;

/// <summary>Messages a second on one stream.</summary>
internal static class Streaming
{
    private const int Batch = 5000;

    /// <summary>The server sends, the client reads.</summary>
    public static Task<Rate> SendAsync(Mirror.MirrorClient client, int size, TimeSpan duration) =>
        Load.RunAsync(
            async () =>
            {
                using var call = client.Send(new() { Count = Batch, Size = size });
                while (await call.ResponseStream.MoveNext()) { }
            },
            inFlight: 1,
            duration,
            weight: Batch
        );

    /// <summary>Both at once: the client writes without waiting for what comes back.</summary>
    public static Task<Rate> ExchangeAsync(
        Mirror.MirrorClient client,
        int size,
        TimeSpan duration
    ) =>
        Load.RunAsync(
            async () =>
            {
                using var call = client.Exchange();
                var reading = Task.Run(async () =>
                {
                    while (await call.ResponseStream.MoveNext()) { }
                });
                var packet = new Packet { Payload = ByteString.CopyFrom(new byte[size]) };
                for (var i = 0; i < Batch; i++)
                {
                    await call.RequestStream.WriteAsync(packet);
                }

                await call.RequestStream.CompleteAsync();
                await reading;
            },
            inFlight: 1,
            duration,
            weight: Batch
        );
}
