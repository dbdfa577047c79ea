using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Allocation;

/// <summary>Answers each request of each connection with the same bytes, on threads of its own that allocate nothing.</summary>
internal sealed class FixedUpstream : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly byte[] _answer;

    public FixedUpstream(string answer)
    {
        _answer = Encoding.Latin1.GetBytes(answer);
        _listener.Start();
        new Thread(Accept) { IsBackground = true }.Start();
    }

    public string Origin => $"http://{_listener.LocalEndpoint}";

    public void Dispose() => _listener.Dispose();

    private void Accept()
    {
        try
        {
            while (true)
            {
                var socket = _listener.AcceptSocket();
                new Thread(() => Serve(socket)) { IsBackground = true }.Start();
            }
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private void Serve(Socket socket)
    {
        using var connection = socket;
        var buffer = new byte[4_096];
        var length = 0;
        try
        {
            while (socket.Receive(buffer.AsSpan(length)) is > 0 and var count)
            {
                length += count;
                if (buffer.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                {
                    length = 0;
                    socket.Send(_answer);
                }
            }
        }
        catch (SocketException)
        {
            // The gateway is gone.
        }
    }
}
