using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using ApiSvc.Gateway.Http1.Wire;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>A client's connection that speaks HTTP/1.1: one request after the other, until one of both sides ends it.</summary>
internal sealed class Http1Connection : IPeerWatcher
{
    private static readonly TimeSpan LingerTime = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LingerSilence = TimeSpan.FromSeconds(2);

    private readonly Http1Lane _lane;
    private readonly ConnectionContext _context;
    private readonly HeadScanner _scanner;
    private volatile Http1Exchange? _exchange;
    private volatile bool _isDraining;
    private volatile bool _isGone;
    private long _readDeadline;
    private long _writeDeadline;

    public Http1Connection(Http1Lane lane, ConnectionContext context, Stream stream)
    {
        _lane = lane;
        _context = context;
        _scanner = new(lane.Options);
        Stream = stream;
        IsSecure = stream is SslStream;
        Reader = new(stream, waitsWithoutMemory: IsSecure) { Watcher = this };
        Address = Serving.Edge.Plain(
            (context.RemoteEndPoint as IPEndPoint)?.Address ?? IPAddress.None
        );
        Origin = new(Address, IsSecure);
    }

    public Stream Stream { get; }

    public WireReader Reader { get; }

    public bool IsSecure { get; }

    /// <summary>The other end of the connection.</summary>
    public IPAddress Address { get; }

    /// <summary>The same as upstreams are told it.</summary>
    public ForwardedOrigin Origin { get; }

    /// <summary>Whether the client ended the connection, or it broke.</summary>
    public bool IsClientGone => _isGone;

    /// <summary>Whether the gateway is about to stop: no further request is taken.</summary>
    public bool IsDraining => _isDraining;

    /// <summary>Serves requests.</summary>
    /// <returns>Whether the server's own HTTP is to go on with what is in <see cref="Reader"/>.</returns>
    public async Task<bool> RunAsync()
    {
        while (true)
        {
            var found = await ReadHeadAsync();
            if (found is HeadEvent.End)
            {
                await CloseAsync(lingers: false);
                return false;
            }

            var exchange = _lane.Rent();
            var head = Reader.Span[.._scanner.Length];
            var fault =
                found == HeadEvent.Whole ? exchange.Head.Read(head, _lane.Options) : _scanner.Fault;
            if (found == HeadEvent.Broken)
            {
                exchange.Head.ReadBroken(head, _lane.Options);
            }
            else if (fault == HeadFault.None && IsForServer(exchange.Head))
            {
                exchange.Head.Clear();
                _lane.Return(exchange);
                return true;
            }

            Reader.Consume(_scanner.Length);
            exchange.Begin(this, fault);
            _exchange = exchange;
            await _lane.Edge.RunAsync(exchange);
            _exchange = null;
            var goesOn = exchange.KeepsClient && (exchange.IsRead || await exchange.DrainAsync());
            var lingers = !goesOn && exchange.NeedsLinger;
            exchange.End();
            _lane.Return(exchange);
            if (!goesOn)
            {
                await CloseAsync(lingers);
                return false;
            }
        }
    }

    /// <summary>Sends bytes; a client that takes them too slowly is cut off.</summary>
    public ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            var sending = Stream.WriteAsync(bytes);
            return sending.IsCompletedSuccessfully
                ? default
                : WaitForClientAsync(sending, bytes.Length);
        }
        catch (ObjectDisposedException e)
        {
            _isGone = true;
            throw new ClientGoneException("The client takes no more.", e);
        }
    }

    /// <summary>Waits for more of a body, or until the client is too slow with it.</summary>
    /// <param name="since">When the body began, as <see cref="Environment.TickCount64"/>.</param>
    /// <param name="received">How much of it came since.</param>
    /// <returns>False where it is too slow.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<bool> WaitForBodyAsync(long since, long received)
    {
        var deadline = since + _lane.PatienceFor(received);
        Volatile.Write(ref _readDeadline, deadline);
        await Reader.WaitAsync();
        Volatile.Write(ref _readDeadline, 0);
        return Environment.TickCount64 < deadline || Reader.HasNews;
    }

    /// <summary>Breaks the connection off, so that the client sees that its answer is not whole.</summary>
    public void Abort()
    {
        _isGone = true;
        _context.Abort();
    }

    /// <summary>The gateway is about to stop.</summary>
    public void Drain()
    {
        _isDraining = true;
        Reader.Wake();
    }

    /// <summary>Looks whether something takes too long; every tenth of a second.</summary>
    public void Check(long now)
    {
        var read = Volatile.Read(ref _readDeadline);
        if (read != 0 && now >= read)
        {
            Reader.Wake();
        }

        var write = Volatile.Read(ref _writeDeadline);
        if (write != 0 && now >= write)
        {
            Abort();
        }

        _exchange?.Check(now);
    }

    public void OnPeerGone()
    {
        _isGone = true;
        _exchange?.CutUpstream(this);
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<HeadEvent> ReadHeadAsync()
    {
        _scanner.Begin();
        var begun = 0L;
        while (true)
        {
            if (Reader.Length > 0 && _scanner.Scan(Reader) is var found and not HeadEvent.None)
            {
                return found;
            }

            if (Reader.IsEnded || (_isDraining && Reader.Length == 0))
            {
                return HeadEvent.End;
            }

            if (Reader.TryAdvance())
            {
                continue;
            }

            var isIdle = Reader.Length == 0;
            if (isIdle)
            {
                Reader.Shrink();
            }
            else if (begun == 0)
            {
                begun = Environment.TickCount64;
            }

            var deadline = isIdle
                ? Environment.TickCount64 + _lane.IdleMilliseconds
                : begun + _lane.HeadMilliseconds;
            Volatile.Write(ref _readDeadline, deadline);
            await Reader.WaitAsync();
            Volatile.Write(ref _readDeadline, 0);
            if (Environment.TickCount64 >= deadline && !Reader.HasNewBytes)
            {
                return isIdle ? HeadEvent.End : _scanner.Refuse(Reader, HeadFault.TooSlow);
            }
        }
    }

    // What the engine leaves to the server: other protocols after this one, and gRPC's routes, which are of HTTP/2.
    private static bool IsForServer(RequestHead head) =>
        head.AsksForWebSocket || head.Target.Span.StartsWith("/apisvc."u8);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask WaitForClientAsync(ValueTask sending, int length)
    {
        var start = System.Diagnostics.Stopwatch.GetTimestamp();
        Volatile.Write(ref _writeDeadline, Environment.TickCount64 + _lane.PatienceFor(length));
        try
        {
            await sending;
        }
        catch (Exception e)
            when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _isGone = true;
            throw new ClientGoneException("The client takes no more.", e);
        }
        finally
        {
            Volatile.Write(ref _writeDeadline, 0);
        }

        _exchange?.Measure.WaitedForClient(start);
    }

    // A client that still sends would lose the answer if the connection were closed at once (RFC 9112 section 9.6): its
    // other half goes on for a while, into nothing.
    private async Task CloseAsync(bool lingers)
    {
        if (_isGone)
        {
            return;
        }

        try
        {
            if (!lingers)
            {
                await EndAsync();
                return;
            }

            await EndSendingAsync();
            var end = Environment.TickCount64 + (long)LingerTime.TotalMilliseconds;
            while (Environment.TickCount64 < end && !Reader.IsEnded)
            {
                Reader.Consume(Reader.Length);
                if (!Reader.TryAdvance(WireReader.LargeSize))
                {
                    var silence = Environment.TickCount64 + (long)LingerSilence.TotalMilliseconds;
                    Volatile.Write(ref _readDeadline, silence);
                    await Reader.WaitAsync();
                    Volatile.Write(ref _readDeadline, 0);
                    if (Environment.TickCount64 >= silence && !Reader.HasNewBytes)
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is IOException or SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }
    }

    // Ends both halves. A socket that is closed while it is read from is reset, so that the client could lose what it has not
    // read yet: the end makes the read come back first.
    private async ValueTask EndAsync()
    {
        if (
            !Reader.IsReading
            || _context.Features.Get<IConnectionSocketFeature>() is not { } plain
            || IsSecure
        )
        {
            return;
        }

        plain.Socket.Shutdown(SocketShutdown.Both);
        while (!Reader.TryAdvance())
        {
            await Reader.WaitAsync();
        }
    }

    private async ValueTask EndSendingAsync()
    {
        if (Stream is SslStream tls)
        {
            await tls.ShutdownAsync();
        }
        else if (_context.Features.Get<IConnectionSocketFeature>() is { } plain)
        {
            plain.Socket.Shutdown(SocketShutdown.Send);
        }
    }
}
