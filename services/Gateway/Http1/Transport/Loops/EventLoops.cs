using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>The event loops: one for each processor. Elsewhere than on Linux there are none, and the runtime's sockets are used.</summary>
internal sealed class EventLoops : IDisposable
{
    private readonly EventLoop[] _loops;
    private uint _next;

    public EventLoops(IOptions<Http1Options> options)
    {
        var count =
            options.Value.EventLoops && LinuxSockets.IsSupported ? Environment.ProcessorCount : 0;
        _loops = [.. Enumerable.Range(0, count).Select(i => new EventLoop(i))];
    }

    /// <summary>A stream of that socket, which stays its owner's to close.</summary>
    public Stream Open(Socket socket) =>
        (Stream?)TryOpen(socket, ended: null) ?? new NetworkStream(socket);

    /// <summary>The same by a loop; null where there is none.</summary>
    /// <param name="ended">Told once, on the thread pool, when the other side ended its half or the connection broke.</param>
    public LoopStream? TryOpen(Socket socket, Action? ended)
    {
        if (_loops.Length == 0)
        {
            return null;
        }

        var stream = new LoopStream(Next(), socket.SafeHandle) { Ended = ended };
        stream.Begin();
        return stream;
    }

    /// <summary>Connects a socket. It is on the loop from which it is asked for, so that a call's sockets are on one thread.</summary>
    /// <exception cref="SocketException">It cannot be connected.</exception>
    /// <exception cref="OperationCanceledException">It took too long.</exception>
    public async ValueTask<Stream> ConnectAsync(
        Socket socket,
        IPEndPoint address,
        CancellationToken cancellationToken
    )
    {
        if (_loops.Length == 0)
        {
            await socket.ConnectAsync(address, cancellationToken);
            return new NetworkStream(socket);
        }

        var bytes = address.Serialize();
        var error = LinuxSockets.Connect(socket.SafeHandle, bytes.Buffer.Span[..bytes.Size]);
        var stream = new LoopStream(OwnCurrent ?? Next(), socket.SafeHandle);
        switch (error)
        {
            case 0:
                stream.Begin();
                return stream;
            case LinuxSockets.InProgress:
                await stream.BeginWhenConnectedAsync(cancellationToken);
                break;
            default:
                throw LinuxSockets.Known(error);
        }

        var result = (SocketError)
            (int)socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)!;
        if (result == SocketError.Success)
        {
            return stream;
        }

        await stream.DisposeAsync();
        throw new SocketException((int)result);
    }

    public void Dispose()
    {
        foreach (var loop in _loops)
        {
            loop.Dispose();
        }
    }

    private EventLoop? OwnCurrent =>
        EventLoop.Current is { } loop && Array.IndexOf(_loops, loop) >= 0 ? loop : null;

    private EventLoop Next() => _loops[Interlocked.Increment(ref _next) % (uint)_loops.Length];
}
