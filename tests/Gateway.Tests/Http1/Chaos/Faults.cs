using ApiSvc.Gateway.Tests.Http1.Wire;
using static ApiSvc.Gateway.Tests.Http1.Chaos.Fault;

namespace ApiSvc.Gateway.Tests.Http1.Chaos;

/// <summary>Upstreams that die, hang, answer garbage, or say what is not so.</summary>
internal static class Faults
{
    private const string Ok = "HTTP/1.1 200 OK\r\n";

    public static IEnumerable<Fault> All =>
        [
            .. Connections,
            .. Heads.Select(Head),
            .. Framings.Select(lines => Head($"{Ok}{lines}\r\n\r\nhello")),
            .. Bodies.Select(Body),
            .. Endless,
            .. Hanging,
        ];

    private static IEnumerable<Fault> Connections =>
        [
            new("ends at once", Outcome.Problem, _ => Task.CompletedTask),
            new(
                "resets at once",
                Outcome.Problem,
                peer =>
                {
                    peer.Reset();
                    return Task.CompletedTask;
                }
            ),
            new("ends behind the request", Outcome.Problem, peer => peer.ReadRequestAsync()),
            new(
                "resets behind the request",
                Outcome.Problem,
                async peer =>
                {
                    await peer.ReadRequestAsync();
                    peer.Reset();
                }
            ),
            new(
                "resets within the body",
                Outcome.Incomplete,
                async peer =>
                {
                    await peer.ReadRequestAsync();
                    await peer.SendAsync(Ok + "Content-Length: 10\r\n\r\nhello");
                    peer.Reset();
                }
            ),
        ];

    private static IEnumerable<string> Heads =>
        [
            "HTTP/1.1 2",
            "HTTP/1.1 200 OK\r\nContent-Le",
            "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n",
            "garbage\r\n\r\n",
            "\u0016\u0003\u0001\0\0\r\n\r\n",
            "\0\0\0\u0012\u0004\0\0\0\0\0\0\u0003\0\0\0\u0080\0\u0004\0\u0001\0\0\0\u0005\0\u00ff\u00ff",
            "<html>\r\n\r\n</html>",
            "\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
            "HTTP/1.1 200 OK\nContent-Length: 5\n\nhello",
            "HTTP/1.1 200 OK\r\nX-A: b\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 OK\rContent-Length: 5\r\r\nhello",
            "HTTP/2.0 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.2 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/0.9 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "http/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1  200 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 20 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 2000 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 099 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 +20 OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 abc OK\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 200 O\0K\r\nContent-Length: 5\r\n\r\nhello",
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n",
            "HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
            "HTTP/1.1 100 Continue\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n",
            "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\ngarbage\r\n\r\n",
        ];

    private static IEnumerable<string> Framings =>
        [
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 5, 6",
            "Content-Length: +5",
            "Content-Length: -5",
            "Content-Length: 0x5",
            "Content-Length: 5a",
            "Content-Length:",
            "Content-Length: 99999999999999999999",
            "Content-Length : 5",
            "Transfer-Encoding: chunked, chunked",
            "Transfer-Encoding: xchunked",
            "Transfer-Encoding: chunked\v",
            "Transfer-Encoding: gzip, chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Content-Length: 5\r\nX-A: b\0",
            "Content-Length: 5\r\nX-A: b\rc",
            "Content-Length: 5\r\nX-A",
            "Content-Length: 5\r\n: b",
            "Content-Length: 5\r\nX A: b",
            "Content-Length: 5\r\nX-A: " + new string('b', 70_000),
        ];

    private static IEnumerable<string> Bodies =>
        [
            "Content-Length: 10\r\n\r\nhello",
            "Content-Length: 10\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhel",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\nhello\n0\n\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhelloX\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\nxyz\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n0x5\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\nFFFFFFFFFFFFFFFFF\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5;a\u0001\r\nhello\r\n0\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX A: b\r\n\r\n",
            "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-A: b\n\r\n",
        ];

    private static IEnumerable<Fault> Endless =>
        [
            new("endless fields", Outcome.Problem, peer => RepeatAsync(peer, Ok, "X-A: b\r\n")),
            new(
                "endless field",
                Outcome.Problem,
                peer => RepeatAsync(peer, Ok + "X-A: ", "bbbbbbbb")
            ),
            new(
                "endless status line",
                Outcome.Problem,
                peer => RepeatAsync(peer, "HTTP/1.1 200 ", "OK")
            ),
            new(
                "endless 100",
                Outcome.Problem,
                peer => RepeatAsync(peer, "", "HTTP/1.1 100 Continue\r\n\r\n")
            ),
            new(
                "endless 103",
                Outcome.Problem,
                peer => RepeatAsync(peer, "", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n")
            ),
            new(
                "endless chunk line",
                Outcome.Incomplete,
                peer => RepeatAsync(peer, Ok + "Transfer-Encoding: chunked\r\n\r\n5;", "aaaaaaaa")
            ),
            new(
                "endless trailers",
                Outcome.Incomplete,
                peer =>
                    RepeatAsync(peer, Ok + "Transfer-Encoding: chunked\r\n\r\n0\r\n", "X-A: b\r\n")
            ),
        ];

    private static IEnumerable<Fault> Hanging =>
        [
            Hang("", Outcome.Problem),
            Hang("HTTP/1.1 200 OK\r\nX-A", Outcome.Problem),
            Hang("HTTP/1.1 100 Continue\r\n\r\n", Outcome.Problem),
            Hang(Ok + "Content-Length: 10\r\n\r\nhello", Outcome.Incomplete),
            Hang(Ok + "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", Outcome.Incomplete),
            Hang(Ok + "\r\nhello", Outcome.Incomplete),
        ];

    private static Fault Hang(string start, Outcome outcome) =>
        new(
            $"hangs behind {start.Replace("\r\n", "|", StringComparison.Ordinal)}",
            outcome,
            async peer =>
            {
                await peer.ReadRequestAsync();
                await peer.SendAsync(start);
                await peer.WaitForEndAsync();
            },
            504
        );

    private static async Task RepeatAsync(UpstreamPeer peer, string start, string part)
    {
        await peer.ReadRequestAsync();
        await peer.SendAsync(start);
        var many = string.Concat(Enumerable.Repeat(part, 100));
        while (true)
        {
            await peer.SendAsync(many);
        }
    }
}
