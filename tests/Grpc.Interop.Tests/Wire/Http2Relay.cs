using System.Buffers;
using System.Collections.Concurrent;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;

namespace ApiSvc.Interop.Wire;

/// <summary>
/// Stands between a client and a server, reads the frames, and can hold some back: what one side then does, it
/// does alone.
/// </summary>
/// <param name="target">The server.</param>
/// <param name="passes">Whether a frame is passed on; null passes all.</param>
internal sealed class Http2Relay(
    IPEndPoint target,
    Func<Direction, Http2Frame, bool>? passes = null
) : IAsyncDisposable
{
    private const int PrefaceSize = 24;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentBag<Socket> _sockets = [];
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentBag<Task> _running = [];

    public WireLog Log { get; } = new();

    public string Address => _listener.LocalEndpoint.ToString()!;

    public void Start()
    {
        _listener.Start();
        _running.Add(AcceptAsync());
    }

    /// <summary>Breaks all connections without a goodbye (TCP reset), as when a host vanishes.</summary>
    public void Cut()
    {
        // All before the first is closed: closing one makes its pump close the other.
        foreach (var socket in _sockets)
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }

        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        foreach (var socket in _sockets)
        {
            socket.Dispose();
        }

        await Task.WhenAll(_running);
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (!_stopping.IsCancellationRequested)
        {
            Socket client;
            try
            {
                client = await _listener.AcceptSocketAsync(_stopping.Token);
            }
            catch (Exception stopped)
                when (stopped is OperationCanceledException or SocketException)
            {
                return;
            }

            _running.Add(RelayAsync(client));
        }
    }

    private async Task RelayAsync(Socket client)
    {
        var connection = Log.Connected();
        var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        _sockets.Add(client);
        _sockets.Add(server);
        await server.ConnectAsync(target);
        var up = PumpAsync(connection, Direction.ToServer, client, server);
        await PumpAsync(connection, Direction.ToClient, server, client);
        client.Dispose();
        server.Dispose();
        await up;
    }

    private async Task PumpAsync(int connection, Direction direction, Socket from, Socket to)
    {
        var input = PipeReader.Create(new NetworkStream(from));
        var output = PipeWriter.Create(new NetworkStream(to));
        var preface = direction == Direction.ToServer ? PrefaceSize : 0;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(_stopping.Token);
                var buffer = read.Buffer;
                if (preface > 0 && buffer.Length >= preface)
                {
                    await output.WriteAsync(buffer.First[..preface], _stopping.Token);
                    buffer = buffer.Slice(preface);
                    preface = 0;
                }

                while (preface == 0 && Http2Frame.TryRead(ref buffer, out var frame))
                {
                    Log.Add(connection, direction, frame);
                    if (passes?.Invoke(direction, frame) ?? true)
                    {
                        foreach (var part in frame.Bytes)
                        {
                            output.Write(part.Span);
                        }
                    }
                }

                input.AdvanceTo(buffer.Start, buffer.End);
                await output.FlushAsync(_stopping.Token);
                if (read.IsCompleted)
                {
                    break;
                }
            }

            // Where frames are held back, so is the end of the connection.
            if (passes is null)
            {
                to.Shutdown(SocketShutdown.Send);
            }
        }
        catch (Exception ended)
            when (ended
                    is IOException
                        or SocketException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            // The other pump and the caller see the same end on their sockets.
        }
    }
}
