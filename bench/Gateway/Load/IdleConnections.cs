using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>Connections that had a call and now wait for their next.</summary>
internal sealed class IdleConnections : IAsyncDisposable
{
    private const int AtATime = 64;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        $"GET {Landscape.OpenPath} HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );

    private readonly List<Stream> _streams = [];

    public static async Task<IdleConnections> OpenAsync(
        Uri address,
        int count,
        CancellationToken cancellationToken
    )
    {
        var connections = new IdleConnections();
        try
        {
            await Parallel.ForEachAsync(
                Enumerable.Range(0, count),
                new ParallelOptions
                {
                    MaxDegreeOfParallelism = AtATime,
                    CancellationToken = cancellationToken,
                },
                async (_, token) =>
                {
                    var stream = await ConnectAsync(address, token);
                    lock (connections._streams)
                    {
                        connections._streams.Add(stream);
                    }

                    await CallAsync(stream, token);
                }
            );
            return connections;
        }
        catch
        {
            await connections.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls on each once more: all of them must still be good.</summary>
    public async Task CheckAsync(CancellationToken cancellationToken) =>
        await Parallel.ForEachAsync(
            _streams,
            new ParallelOptions
            {
                MaxDegreeOfParallelism = AtATime,
                CancellationToken = cancellationToken,
            },
            async (stream, token) => await CallAsync(stream, token)
        );

    public async ValueTask DisposeAsync()
    {
        foreach (var stream in _streams)
        {
            await stream.DisposeAsync();
        }
    }

    private static async Task<Stream> ConnectAsync(Uri address, CancellationToken cancellationToken)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
            var plain = new NetworkStream(socket, ownsSocket: true);
            if (address.Scheme == Uri.UriSchemeHttp)
            {
                return plain;
            }

            var tls = new SslStream(plain);
            await tls.AuthenticateAsClientAsync(
                new SslClientAuthenticationOptions
                {
                    TargetHost = "localhost",
                    EnabledSslProtocols = SslProtocols.Tls13,
                    RemoteCertificateValidationCallback = Certificate.Check,
                },
                cancellationToken
            );
            return tls;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static async Task CallAsync(Stream stream, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(Request, cancellationToken);
        var buffer = new byte[4096];
        var length = 0;
        while (true)
        {
            var read = await stream.ReadAsync(buffer.AsMemory(length), cancellationToken);
            if (read == 0)
            {
                throw new BenchException("An idle connection was closed.");
            }

            length += read;
            var text = Encoding.ASCII.GetString(buffer, 0, length);
            if (!"HTTP/1.1 200 ".StartsWith(text[..Math.Min(13, length)], StringComparison.Ordinal))
            {
                throw new BenchException($"An idle connection answers {text}");
            }

            if (text.EndsWith(Upstream.Answer, StringComparison.Ordinal))
            {
                return;
            }
        }
    }
}
