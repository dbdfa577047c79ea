using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>An upstream whose every byte a test says, on each connection the same.</summary>
internal sealed class ScriptedUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _accepting;
    private int _accepted;

    public ScriptedUpstream(Func<UpstreamPeer, Task> script)
    {
        _listener.Start(512);
        _accepting = AcceptAsync(script);
    }

    public string Origin => $"http://{_listener.LocalEndpoint}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>What went wrong in the script other than that the gateway ended a connection.</summary>
    public ConcurrentQueue<Exception> Failures { get; } = [];

    /// <summary>One that answers each request with the same text.</summary>
    public static ScriptedUpstream Answering(string answer) =>
        new(async peer =>
        {
            while (await peer.ReadRequestAsync() is not null)
            {
                await peer.SendAsync(answer);
            }
        });

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
        Failures.ShouldBeEmpty();
    }

    private async Task AcceptAsync(Func<UpstreamPeer, Task> script)
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                var socket = await _listener.AcceptSocketAsync(_stop.Token);
                Interlocked.Increment(ref _accepted);
                serving.Add(ServeAsync(socket, script));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket, Func<UpstreamPeer, Task> script)
    {
        socket.NoDelay = true;
        using (socket)
        {
            try
            {
                await script(new(socket, _stop.Token));
            }
            catch (Exception e)
                when (e is SocketException or OperationCanceledException or ObjectDisposedException)
            {
                // The gateway may end a connection at any time, and the test its upstream.
            }
            catch (Exception e)
            {
                Failures.Enqueue(e);
            }
        }
    }
}

/// <summary>A connection that the gateway opened.</summary>
internal sealed class UpstreamPeer(Socket socket, CancellationToken stop)
{
    private readonly List<byte> _pending = [];

    public CancellationToken Stop => stop;

    public Socket Socket => socket;

    /// <summary>The next request, complete.</summary>
    /// <returns>Null when the connection has ended.</returns>
    public async Task<SeenRequest?> ReadRequestAsync()
    {
        while (true)
        {
            if (LenientParser.Read([.. _pending], new()) is { IsComplete: true } request)
            {
                _pending.RemoveRange(0, request.Raw.Length);
                return request;
            }

            if (!await FillAsync())
            {
                return null;
            }
        }
    }

    /// <summary>The head of the next request; its body is left.</summary>
    /// <returns>Null when the connection has ended.</returns>
    public async Task<SeenRequest?> ReadHeadAsync()
    {
        while (true)
        {
            var bytes = _pending.ToArray();
            if (bytes.AsSpan().IndexOf("\r\n\r\n"u8) is >= 0 and var end)
            {
                _pending.RemoveRange(0, end + 4);
                return LenientParser.Read(bytes.AsSpan(0, end + 4), new());
            }

            if (!await FillAsync())
            {
                return null;
            }
        }
    }

    /// <summary>Reads exactly so many characters, a byte each.</summary>
    public async Task<string> ReadAsync(int count) =>
        Encoding.Latin1.GetString(await ReadBytesAsync(count));

    /// <summary>Reads exactly so many bytes.</summary>
    public async Task<byte[]> ReadBytesAsync(int count)
    {
        var bytes = new byte[count];
        var done = Math.Min(count, _pending.Count);
        _pending.CopyTo(0, bytes, 0, done);
        _pending.RemoveRange(0, done);
        while (done < count)
        {
            var read = await socket.ReceiveAsync(bytes.AsMemory(done), stop);
            done += read > 0 ? read : throw new SocketException((int)SocketError.ConnectionReset);
        }

        return bytes;
    }

    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    public async Task SendAsync(byte[] bytes) => await socket.SendAsync(bytes, stop);

    /// <summary>Waits until the gateway ends the connection.</summary>
    public async Task WaitForEndAsync()
    {
        while (await FillAsync()) { }
    }

    /// <summary>Ends the connection by a reset.</summary>
    public void Reset() => socket.Close(0);

    private async Task<bool> FillAsync()
    {
        var buffer = new byte[64 << 10];
        try
        {
            var count = await socket.ReceiveAsync(buffer, stop);
            _pending.AddRange(buffer.AsSpan(0, count));
            return count > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
