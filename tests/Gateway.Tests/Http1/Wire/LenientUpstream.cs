using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>
/// An upstream that takes anything for a request, answers each, and keeps every byte that came, so that what one server
/// refuses and another one would serve is seen.
/// </summary>
internal sealed class LenientUpstream : IAsyncDisposable
{
    private static readonly Leniency Live = new();

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentBag<Connection> _connections = [];
    private readonly Func<SeenRequest, byte[]> _answer;
    private readonly bool _keeps;
    private readonly Task _accepting;
    private int _open;
    private int _most;

    /// <param name="answer">What it answers to a request: by default its method and target, its nonce field, its body.</param>
    /// <param name="keeps">Whether it keeps what came; a test of millions of requests has no use for it.</param>
    public LenientUpstream(Func<SeenRequest, byte[]>? answer = null, bool keeps = true)
    {
        _answer = answer ?? Echo;
        _keeps = keeps;
        _listener.Start(1024);
        _accepting = AcceptAsync();
    }

    public string Origin => $"http://{_listener.LocalEndpoint}";

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Connections that are open.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>The most that were open at once.</summary>
    public int MostOpen => Volatile.Read(ref _most);

    /// <summary>The requests that it answered.</summary>
    public ConcurrentQueue<SeenRequest> Answered { get; } = [];

    /// <summary>The answer that tells what it was asked.</summary>
    public static byte[] Echo(SeenRequest request)
    {
        var body = $"{request.Method} {request.Target}\n{request["x-nonce"]}\n{request.BodyText}";
        var text =
            $"HTTP/1.1 200 OK\r\nX-Nonce: {request["x-nonce"]}\r\nContent-Length: {body.Length}\r\n\r\n";
        return Encoding.Latin1.GetBytes(request.Method == "HEAD" ? text : text + body);
    }

    /// <summary>
    /// The requests that some server could see in what came, however it reads: those with this text in what it is about.
    /// </summary>
    public IReadOnlyList<SeenRequest> Find(string text, bool complete = true) =>
        [
            .. from connection in _connections
            from how in Leniency.All
            from request in LenientParser.ReadAll(connection.Bytes, how)
            where request.IsComplete || !complete
            where request.Text.Contains(text, StringComparison.Ordinal)
            select request,
        ];

    /// <summary>The complete requests that some server could see in all that came.</summary>
    public IEnumerable<SeenRequest> FindAll() =>
        from connection in _connections
        let bytes = connection.Bytes
        from how in Leniency.All
        from request in LenientParser.ReadAll(bytes, how)
        where request.IsComplete
        select request;

    /// <summary>Whether these bytes came at all.</summary>
    public bool Saw(string text) => _connections.Any(c => c.Has(text));

    /// <summary>Whether the connections that these bytes came on have ended.</summary>
    public bool HasEnded(string text) => _connections.Where(c => c.Has(text)).All(c => c.HasEnded);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        _listener.Stop();
        await _accepting;
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        var serving = new List<Task>();
        try
        {
            while (true)
            {
                serving.Add(ServeAsync(await _listener.AcceptSocketAsync(_stop.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(Socket socket)
    {
        var connection = new Connection();
        if (_keeps)
        {
            _connections.Add(connection);
        }

        var open = Interlocked.Increment(ref _open);
        InterlockedMax(ref _most, open);
        socket.NoDelay = true;
        using (socket)
        {
            try
            {
                await ServeAsync(socket, connection);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException)
            {
                // The gateway may end a connection at any time.
            }
        }

        connection.HasEnded = true;
        Interlocked.Decrement(ref _open);
    }

    private async Task ServeAsync(Socket socket, Connection connection)
    {
        var pending = new List<byte>();
        var buffer = new byte[16 << 10];
        var hasContinued = false;
        while (await socket.ReceiveAsync(buffer, _stop.Token) is > 0 and var count)
        {
            pending.AddRange(buffer.AsSpan(0, count));
            if (_keeps)
            {
                connection.Add(buffer.AsSpan(0, count));
            }

            while (pending.Count > 0 && LenientParser.Read([.. pending], Live) is { } request)
            {
                if (!request.IsComplete)
                {
                    if (!hasContinued && request["expect"] is not null)
                    {
                        hasContinued = true;
                        await socket.SendAsync(
                            "HTTP/1.1 100 Continue\r\n\r\n"u8.ToArray(),
                            _stop.Token
                        );
                    }

                    break;
                }

                hasContinued = false;
                pending.RemoveRange(0, request.Raw.Length);
                if (_keeps)
                {
                    Answered.Enqueue(request);
                }

                await socket.SendAsync(_answer(request), _stop.Token);
            }
        }
    }

    private static void InterlockedMax(ref int place, int value)
    {
        for (var seen = Volatile.Read(ref place); value > seen; seen = Volatile.Read(ref place))
        {
            Interlocked.CompareExchange(ref place, value, seen);
        }
    }

    private sealed class Connection
    {
        private readonly Lock _lock = new();
        private readonly List<byte> _bytes = [];

        public bool HasEnded { get; set; }

        public byte[] Bytes
        {
            get
            {
                lock (_lock)
                {
                    return [.. _bytes];
                }
            }
        }

        public bool Has(string text)
        {
            lock (_lock)
            {
                var bytes = CollectionsMarshal.AsSpan(_bytes);
                return bytes.IndexOf(Encoding.Latin1.GetBytes(text)) >= 0;
            }
        }

        public void Add(ReadOnlySpan<byte> bytes)
        {
            lock (_lock)
            {
                _bytes.AddRange(bytes);
            }
        }
    }
}
