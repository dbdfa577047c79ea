using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Slow;

/// <summary>
/// A side that takes nothing stops the other one: what is on the way is in the system's buffers, whose size is bounded,
/// and not in the gateway.
/// </summary>
public sealed class BackPressureTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private const int Total = 64 << 20;
    private const int MostInGateway = 1 << 20;

    // Receive and send buffers of two connections, as the system lets them grow.
    private const int MostOnTheWay = 32 << 20;

    private static readonly byte[] Piece = MakePiece();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Download_ClientDoesNotRead_TheUpstreamWaits(bool chunked)
    {
        var written = 0L;
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(
                "HTTP/1.1 200 OK\r\n"
                    + (
                        chunked
                            ? "Transfer-Encoding: chunked\r\n\r\n"
                            : $"Content-Length: {Total}\r\n\r\n"
                    )
            );
            while (written < Total)
            {
                await peer.SendAsync(chunked ? $"{Piece.Length:x}\r\n" : "");
                await peer.SendAsync(Piece);
                await peer.SendAsync(chunked ? "\r\n" : "");
                Interlocked.Add(ref written, Piece.Length);
            }

            await peer.SendAsync(chunked ? "0\r\n\r\n" : "");
            await peer.WaitForEndAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await RawClient.ConnectAsync(
            hosts.Gateway.Http,
            receiveBuffer: 64 << 10
        );
        await client.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        await ShouldStandStillAsync(() => Interlocked.Read(ref written));
        var onTheWay = Interlocked.Read(ref written);
        onTheWay.ShouldBeLessThan(MostOnTheWay);
        var queued = TcpTable.Queued(upstream.Port) + TcpTable.Queued(client.LocalPort);
        (onTheWay - queued).ShouldBeLessThan(MostInGateway);
        var answer = await client.ReadAsync();
        ShouldBePieces(answer.Body);
        answer.End.ShouldBe(chunked ? AnswerEnd.Chunks : AnswerEnd.Length);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Upload_UpstreamDoesNotRead_TheClientWaits(bool chunked)
    {
        var go = new TaskCompletionSource();
        var got = Array.Empty<byte>();
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadHeadAsync();
            await go.Task;
            got = chunked ? await ReadChunksAsync(peer) : await peer.ReadBytesAsync(Total);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await peer.WaitForEndAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        var sent = 0L;
        var sending = Task.Run(async () =>
        {
            await client.SendAsync(
                $"POST {path} HTTP/1.1\r\nHost: a\r\n"
                    + (
                        chunked
                            ? "Transfer-Encoding: chunked\r\n\r\n"
                            : $"Content-Length: {Total}\r\n\r\n"
                    )
            );
            while (sent < Total)
            {
                await client.SendAsync(chunked ? $"{Piece.Length:x}\r\n" : "");
                await client.SendAsync(Piece);
                await client.SendAsync(chunked ? "\r\n" : "");
                Interlocked.Add(ref sent, Piece.Length);
            }

            await client.SendAsync(chunked ? "0\r\n\r\n" : "");
        });
        await ShouldStandStillAsync(() => Interlocked.Read(ref sent));
        var onTheWay = Interlocked.Read(ref sent);
        onTheWay.ShouldBeLessThan(MostOnTheWay);
        var queued = TcpTable.Queued(upstream.Port) + TcpTable.Queued(client.LocalPort);
        (onTheWay - queued).ShouldBeLessThan(MostInGateway);
        go.SetResult();
        await sending;
        (await client.ReadAsync()).Text.ShouldBe("ok");
        ShouldBePieces(got);
    }

    private static async Task<byte[]> ReadChunksAsync(UpstreamPeer peer)
    {
        using var body = new MemoryStream();
        while (true)
        {
            var line = "";
            while (!line.EndsWith("\r\n", StringComparison.Ordinal))
            {
                line += await peer.ReadAsync(1);
            }

            var size = Convert.ToInt32(line.Trim(), 16);
            body.Write(await peer.ReadBytesAsync(size));
            await peer.ReadAsync(2);
            if (size == 0)
            {
                return body.ToArray();
            }
        }
    }

    // Looks at it until it was the same for half a second, and not nothing.
    private static async Task ShouldStandStillAsync(Func<long> progress)
    {
        var (last, same) = (-1L, 0);
        await Eventually.HoldsAsync(
            () =>
            {
                var now = progress();
                same = now == last && now > 0 ? same + 1 : 0;
                last = now;
                return same == 50;
            },
            "nothing more is taken"
        );
        last.ShouldBeLessThan(Total);
    }

    private static void ShouldBePieces(byte[] body)
    {
        body.Length.ShouldBe(Total);
        for (var at = 0; at < Total; at += Piece.Length)
        {
            body.AsSpan(at, Piece.Length).SequenceEqual(Piece).ShouldBeTrue($"at {at}");
        }
    }

    private static byte[] MakePiece()
    {
        var piece = new byte[64 << 10];
        new Random(3).NextBytes(piece);
        return piece;
    }
}
