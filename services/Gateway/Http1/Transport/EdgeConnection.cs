using System.Globalization;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using ApiSvc.Gateway.Http1.Transport.Loops;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;

namespace ApiSvc.Gateway.Http1.Transport;

/// <summary>
/// An accepted connection. The server's transport, with its pipes and its own reading, comes to be only when somebody asks
/// for it; the engine reads and writes the socket itself.
/// </summary>
internal sealed class EdgeConnection
    : ConnectionContext,
        IConnectionIdFeature,
        IConnectionItemsFeature,
        IConnectionTransportFeature,
        IConnectionLifetimeFeature,
        IConnectionEndPointFeature,
        IConnectionSocketFeature
{
    private static long _count;

    private readonly SocketConnectionContextFactory _transports;
    private readonly EventLoops _loops;
    private readonly CancellationTokenSource _closed = new();
    private ConnectionContext? _inner;
    private Stream? _stream;
    private IDuplexPipe? _transport;
    private string? _id;
    private IDictionary<object, object?>? _items;
    private int _isClosed;

    public EdgeConnection(
        Socket socket,
        SocketConnectionContextFactory transports,
        EventLoops loops
    )
    {
        Socket = socket;
        _transports = transports;
        _loops = loops;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        var features = new FeatureCollection(initialCapacity: 8);
        features.Set<IConnectionIdFeature>(this);
        features.Set<IConnectionItemsFeature>(this);
        features.Set<IConnectionTransportFeature>(this);
        features.Set<IConnectionLifetimeFeature>(this);
        features.Set<IConnectionEndPointFeature>(this);
        features.Set<IConnectionSocketFeature>(this);
        Features = features;
    }

    public Socket Socket { get; }

    public override IFeatureCollection Features { get; }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override CancellationToken ConnectionClosed { get; set; }

    public override string ConnectionId
    {
        get =>
            _id ??= Interlocked.Increment(ref _count).ToString("x8", CultureInfo.InvariantCulture);
        set => _id = value;
    }

    public override IDictionary<object, object?> Items
    {
        get => _items ??= new ConnectionItems();
        set => _items = value;
    }

    /// <summary>The server's transport of it; whoever asks first begins to read there.</summary>
    public override IDuplexPipe Transport
    {
        get => _transport ??= Open();
        set => _transport = value;
    }

    /// <summary>The socket as a stream, for who reads it without the transport.</summary>
    public Stream OpenStream() => _stream ??= _loops.Open(Socket);

    /// <summary>Puts an event loop in the place of the server's transport, if there is one.</summary>
    public void UseLoop()
    {
        if (_transport is not null || _loops.TryOpen(Socket, Close) is not { } stream)
        {
            return;
        }

        _stream = stream;
        _transport = new DuplexPipe(
            // Waits without memory.
            PipeReader.Create(stream, new(leaveOpen: true, useZeroByteReads: true)),
            PipeWriter.Create(stream, new(leaveOpen: true))
        );
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (_inner is not null)
        {
            _inner.Abort(abortReason);
            return;
        }

        if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            _stream?.Dispose();
            // What was not sent is not to be sent any more, and the client is to see that: a reset, no end in order.
            Socket.Close(0);
        }
    }

    public override void Abort() =>
        Abort(new ConnectionAbortedException("The connection was broken off by the gateway."));

    public override async ValueTask DisposeAsync()
    {
        if (_inner is not null)
        {
            await _inner.DisposeAsync();
        }
        else if (Interlocked.Exchange(ref _isClosed, 1) == 0)
        {
            if (_stream is not null)
            {
                await _stream.DisposeAsync();
            }

            Socket.Dispose();
        }

        _closed.Dispose();
        await base.DisposeAsync();
    }

    private IDuplexPipe Open()
    {
        _inner = _transports.Create(Socket);
        _inner.ConnectionClosed.UnsafeRegister(
            static connection => ((EdgeConnection)connection!).Close(),
            this
        );
        return _inner.Transport;
    }

    private void Close()
    {
        try
        {
            _closed.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // Everybody who could have wanted to know is gone.
        }
    }

    private sealed record DuplexPipe(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
