using ApiSvc.Interop.V1;
using Grpc.Core;
using Grpc.Net.Client;

namespace ApiSvc.Interop.Client;

/// <summary>A channel that never opens a second connection, with room for large messages unless said.</summary>
internal sealed class Connection(string target, bool roomy = true) : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    public GrpcChannel Channel { get; } =
        GrpcChannel.ForAddress(
            $"http://{target}",
            new()
            {
                HttpHandler = new SocketsHttpHandler { EnableMultipleHttp2Connections = false },
                DisposeHttpClient = true,
                MaxReceiveMessageSize = roomy ? Limits.MaxMessage : 4 * Limits.MiB,
                MaxSendMessageSize = null,
            }
        );

    public Probe.ProbeClient Probe => field ??= new(Channel);

    /// <summary>Waits until the server saw the Hold with that key as wanted.</summary>
    public async Task<Observation> ObserveAsync(string key, Func<Observation, bool> wanted)
    {
        using var late = new CancellationTokenSource(Patience);
        while (true)
        {
            var seen = await Probe.ObserveAsync(
                new() { Key = key },
                cancellationToken: CancellationToken.None
            );
            if (wanted(seen))
            {
                return seen;
            }

            late.IsCancellationRequested.ShouldBeFalse($"The server saw only {seen}");
            await Task.Delay(15);
        }
    }

    public void Dispose() => Channel.Dispose();
}
