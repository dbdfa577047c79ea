using System.Net;
using System.Net.Sockets;

namespace ApiSvc.ServiceDefaults.Tests.Outbox;

/// <summary>An address that refuses connections until it is opened; then it leads to another.</summary>
internal sealed class TcpDoor : IDisposable
{
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closed = new();

    public TcpDoor()
    {
        // Bound, so that nobody else gets the port, and not listening, so that it refuses.
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        Port = ((IPEndPoint)_listener.LocalEndPoint!).Port;
    }

    public int Port { get; }

    public void Open(int port)
    {
        _listener.Listen();
        _ = AcceptAsync(port);
    }

    public void Dispose()
    {
        _closed.Cancel();
        _listener.Dispose();
        _closed.Dispose();
    }

    private async Task AcceptAsync(int port)
    {
        try
        {
            while (true)
            {
                _ = ForwardAsync(await _listener.AcceptAsync(_closed.Token), port);
            }
        }
        catch (OperationCanceledException)
        {
            // Closed.
        }
    }

    private async Task ForwardAsync(Socket client, int port)
    {
        try
        {
            using var from = new NetworkStream(client, ownsSocket: true);
            using var upstream = new TcpClient();
            await upstream.ConnectAsync(IPAddress.Loopback, port, _closed.Token);
            var to = upstream.GetStream();
            await Task.WhenAny(
                from.CopyToAsync(to, _closed.Token),
                to.CopyToAsync(from, _closed.Token)
            );
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // One end is gone.
        }
    }
}
