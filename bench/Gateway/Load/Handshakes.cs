using System.Diagnostics;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using ApiSvc.Bench.Gateway.Feeds;
using ApiSvc.Bench.Gateway.Measuring;
using ApiSvc.Bench.Gateway.Subjects;

namespace ApiSvc.Bench.Gateway.Load;

/// <summary>
/// Connections by TLS 1.3 with one call each. A resumed handshake lacks the server's certificate, so it is known by its
/// length.
/// </summary>
internal sealed class Handshakes(Certificate certificate)
{
    private const int AtATime = 16;

    // Everything of a resumed handshake is some 245 bytes; a whole one has 370 beside the certificate.
    private const int Others = 200;

    private static readonly byte[] Request = Encoding.ASCII.GetBytes(
        $"GET {Landscape.OpenPath} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    );

    private long _resumed;

    /// <summary>Of the last run's connections, how many were resumed, 0 to 1.</summary>
    public double ResumedShare { get; private set; }

    public async Task<LoadResult> RunAsync(
        Contender contender,
        bool resumes,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        var begun = Stopwatch.GetTimestamp();
        var before = _resumed;
        var clients = Enumerable
            .Range(0, AtATime)
            .Select(_ => CallAsync(contender, resumes, begun, time, cancellationToken));
        var latencies = (await Task.WhenAll(clients)).SelectMany(l => l).ToList();
        if (latencies.Count == 0)
        {
            throw new BenchException($"{contender.Name}: no handshake in {time}.");
        }

        ResumedShare = (double)(_resumed - before) / latencies.Count;
        if (!resumes && ResumedShare > 0)
        {
            throw new BenchException($"{contender.Name}: resumed though it was not asked to.");
        }

        return new(
            latencies.Count,
            latencies.Count,
            0,
            (long)Stopwatch.GetElapsedTime(begun).TotalMicroseconds,
            0,
            0,
            0,
            "",
            latencies.Quantile(0.5),
            latencies.Quantile(0.99)
        );
    }

    private async Task<List<double>> CallAsync(
        Contender contender,
        bool resumes,
        long begun,
        TimeSpan time,
        CancellationToken cancellationToken
    )
    {
        // Sessions are kept by the options' name and settings.
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = $"{contender.Name.Replace(' ', '-')}.localhost",
            EnabledSslProtocols = SslProtocols.Tls13,
            AllowTlsResume = resumes,
            RemoteCertificateValidationCallback = Certificate.Check,
        };
        var latencies = new List<double>();
        while (Stopwatch.GetElapsedTime(begun) < time)
        {
            var start = Stopwatch.GetTimestamp();
            var received = await CallOnceAsync(contender, options, cancellationToken);
            latencies.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
            if (received < certificate.Length + Others)
            {
                Interlocked.Increment(ref _resumed);
            }
        }

        return latencies;
    }

    /// <returns>Bytes of the server's part of the handshake.</returns>
    private static async Task<long> CallOnceAsync(
        Contender contender,
        SslClientAuthenticationOptions options,
        CancellationToken cancellationToken
    )
    {
        var address = new Uri(contender.Address);
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(address.Host, address.Port, cancellationToken);
        await using var counted = new CountingStream(new NetworkStream(socket));
        await using var tls = new SslStream(counted, leaveInnerStreamOpen: true);
        await tls.AuthenticateAsClientAsync(options, cancellationToken);
        var handshake = counted.Received;
        await tls.WriteAsync(Request, cancellationToken);
        using var answer = new MemoryStream(4096);
        await tls.CopyToAsync(answer, cancellationToken);
        var text = Encoding.ASCII.GetString(answer.GetBuffer(), 0, (int)answer.Length);
        return
            text.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal)
            && text.EndsWith(Upstream.Answer, StringComparison.Ordinal)
            ? handshake
            : throw new BenchException(
                $"{contender.Name} answers {text[..Math.Min(200, text.Length)]}"
            );
    }
}
