using System.Net.Sockets;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>A connection to the gateway on which a test says every byte. What it waits for comes within a deadline.</summary>
internal sealed class RawClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    private readonly Socket _socket;
    private readonly NetworkStream _stream;
    private readonly AnswerReader _reader;

    private RawClient(Socket socket)
    {
        _socket = socket;
        _stream = new(socket, ownsSocket: true);
        _reader = new(_stream);
    }

    public bool WasReset => _reader.WasReset;

    public long Received => _reader.Received;

    public int LocalPort => ((System.Net.IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <param name="origin">Such as <c>http://127.0.0.1:1234</c>.</param>
    /// <param name="receiveBuffer">What the system keeps for it unread, in bytes; the system's own choice unless said.</param>
    public static async Task<RawClient> ConnectAsync(string origin, int? receiveBuffer = null)
    {
        var address = new Uri(origin);
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
        {
            NoDelay = true,
        };
        if (receiveBuffer is { } size)
        {
            socket.ReceiveBufferSize = size;
        }

        await socket.ConnectAsync(address.Host, address.Port);
        return new(socket);
    }

    /// <summary>Sends each character as one byte.</summary>
    public Task SendAsync(string text) => SendAsync(Encoding.Latin1.GetBytes(text));

    /// <summary>Sends all of it, or what the other side takes before it ends the connection.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        using var limit = new CancellationTokenSource(Patience);
        try
        {
            await _stream.WriteAsync(bytes, limit.Token);
        }
        catch (IOException)
        {
            // The gateway may end a connection before it has read all; what it answered is there to be read.
        }
    }

    public async Task<WireAnswer> ReadAsync(string method = "GET")
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _reader.ReadAsync(method, limit.Token);
    }

    /// <summary>Reads one answer, also if it is a 1xx.</summary>
    public async Task<WireAnswer> ReadOneAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _reader.ReadOneAsync("GET", limit.Token);
    }

    public async Task<byte[]> ReadExactlyAsync(long count)
    {
        using var limit = new CancellationTokenSource(Patience);
        return await _reader.ReadExactlyAsync(count, limit.Token);
    }

    /// <summary>What comes until the gateway ends the connection, which it must.</summary>
    public async Task<string> ReadToEndAsync()
    {
        using var limit = new CancellationTokenSource(Patience);
        return Encoding.Latin1.GetString(await _reader.ReadToEndAsync(limit.Token));
    }

    /// <summary>Sends a request and reads its answer.</summary>
    public async Task<WireAnswer> AskAsync(string request)
    {
        await SendAsync(request);
        return await ReadAsync(request[..request.IndexOf(' ', StringComparison.Ordinal)]);
    }

    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
            // Ended by the other side before.
        }
    }

    /// <summary>Ends the connection by a reset, as a client that dies does.</summary>
    public void Reset() => _socket.Close(0);

    public void Dispose() => _stream.Dispose();
}
