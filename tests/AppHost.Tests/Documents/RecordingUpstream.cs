using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Documents;

/// <summary>
/// An upstream of HTTP/1.1 that keeps the bytes of each request and answers as it is told. On a socket of its own: a
/// server would bring what it reads into a form of its own.
/// </summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly ConcurrentQueue<RawMessage> _seen = new();
    private readonly ConcurrentBag<Task> _connections = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _accepting;

    public RecordingUpstream()
    {
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public string Authority => _listener.LocalEndpoint.ToString()!;

    public UpstreamAnswer Answer { get; set; } = new(200, [], [], IsChunked: false);

    /// <summary>Gives what came since the last time.</summary>
    public List<RawMessage> Take()
    {
        var taken = new List<RawMessage>();
        while (_seen.TryDequeue(out var request))
        {
            taken.Add(request);
        }

        return taken;
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_connections);
        _end.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _connections.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_end.Token)));
            }
        }
        catch (OperationCanceledException)
        {
            // The end.
        }
    }

    private async Task ServeAsync(TcpClient connection)
    {
        using (connection)
        {
            var stream = connection.GetStream();
            var reader = new MessageReader(stream);
            try
            {
                while (await reader.ReadAsync(_end.Token) is { } request)
                {
                    _seen.Enqueue(request);
                    await WriteAsync(
                        stream,
                        request.Line.StartsWith("HEAD ", StringComparison.Ordinal)
                    );
                }
            }
            catch (Exception e) when (e is OperationCanceledException or IOException)
            {
                // The end, or the gateway's.
            }
        }
    }

    private async Task WriteAsync(NetworkStream stream, bool isHead)
    {
        var answer = Answer;
        var head = new StringBuilder($"HTTP/1.1 {answer.Status} Told\r\n");
        foreach (var (name, value) in answer.Fields)
        {
            head.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        var isChunked = answer is { HasBody: true, IsChunked: true } && !isHead;
        head.Append(
            isChunked ? "Transfer-Encoding: chunked\r\n"
            : answer.HasBody
                ? $"Content-Length: {answer.Body.Length.ToString(CultureInfo.InvariantCulture)}\r\n"
            : answer.Status == 205 ? "Content-Length: 0\r\n"
            : ""
        );
        head.Append("\r\n");
        await stream.WriteAsync(Encoding.Latin1.GetBytes(head.ToString()), _end.Token);
        if (isHead || !answer.HasBody)
        {
            return;
        }

        if (isChunked)
        {
            // In parts that are no chunks of anybody else.
            foreach (var part in answer.Body.Chunk(1000))
            {
                await stream.WriteAsync(
                    Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"),
                    _end.Token
                );
                await stream.WriteAsync(part, _end.Token);
                await stream.WriteAsync("\r\n"u8.ToArray(), _end.Token);
            }

            await stream.WriteAsync("0\r\n\r\n"u8.ToArray(), _end.Token);
            return;
        }

        await stream.WriteAsync(answer.Body, _end.Token);
    }
}
