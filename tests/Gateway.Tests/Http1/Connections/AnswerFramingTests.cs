using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>Answers of each framing, as clients of both versions get them (RFC 9112 section 6.3).</summary>
public sealed class AnswerFramingTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    [Fact]
    public async Task Chunks_WithTrailers_ComeWithThem()
    {
        await using var upstream = ScriptedUpstream.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "2;a=b\r\nhe\r\n003\r\nllo\r\n0\r\nX-Sum: 42\r\n\r\n"
        );
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.AskAsync(
                $"GET {path} HTTP/1.1\r\nHost: a\r\nTE: trailers\r\n\r\n"
            );
            (answer.End, answer.Text).ShouldBe((AnswerEnd.Chunks, "hello"));
            answer.Trailers.ShouldBe([("X-Sum", "42")]);
            answer["Trailer"].ShouldBe("X-Sum");
        }

        var old = await client.AskAsync($"GET {path} HTTP/1.0\r\nHost: a\r\n\r\n");
        (old.End, old.Text).ShouldBe((AnswerEnd.Close, "hello"));
    }

    [Fact]
    public async Task Trailers_OfTheRequest_ReachTheUpstream()
    {
        var nonce = WireHosts.NewNonce();
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"POST /w/{nonce} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n"
                + "5\r\nhello\r\n0\r\nX-Sum: 42\r\nX-More: 1\r\n\r\n"
        );
        answer.Status.ShouldBe(200);
        hosts.Seen(nonce).Trailers.ShouldBe([("x-sum", "42"), ("x-more", "1")]);
    }

    // A trailer must not become what a head would say (RFC 9110 section 6.5.1).
    [Theory]
    [InlineData("Content-Length: 5")]
    [InlineData("Transfer-Encoding: chunked")]
    [InlineData("Host: b")]
    [InlineData("X-Forwarded-For: 1.2.3.4")]
    [InlineData("X-Request-Id: mine")]
    [InlineData("X-Real-IP: 1.2.3.4")]
    [InlineData("X-Forwarded-Prefix: /a")]
    [InlineData("x-apisvc-caller: me")]
    [InlineData("Authorization: Basic YTpi")]
    public async Task Trailers_ThatFrameOrRoute_DoNotReachTheUpstream(string line)
    {
        var nonce = WireHosts.NewNonce();
        using var client = await hosts.ConnectAsync();
        await client.AskAsync(
            $"POST /w/{nonce} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                + $"5\r\nhello\r\n0\r\n{line}\r\n\r\n"
        );
        foreach (var seen in hosts.Upstream.Find(nonce))
        {
            seen.Trailers.ShouldBeEmpty();
        }
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.0 200 OK\r\n\r\nuntil the end")]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nuntil the end")]
    public async Task Answer_WithoutALength_IsInChunksOrUntilTheEnd(string text)
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync(text);
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
            (answer.End, answer.Text).ShouldBe((AnswerEnd.Chunks, "until the end"));
        }

        var old = await client.AskAsync(
            $"GET {path} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n"
        );
        (old.End, old.Text, old["Transfer-Encoding"]).ShouldBe(
            (AnswerEnd.Close, "until the end", null)
        );
    }

    [Fact]
    public async Task Fields_OfTheAnswer_ComeAsTheyAre()
    {
        await using var upstream = ScriptedUpstream.Answering(
            "HTTP/1.1 200 OK\r\nSet-Cookie: a=1; Path=/\r\nSet-Cookie: b=2\r\nX-Odd:\t \u00e9\u00ff \t\r\nX-Empty:\r\n"
                + "Connection: x-hop, keep-alive\r\nX-Hop: 1\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\n"
                + "Proxy-Authenticate: Basic\r\nUpgrade: h2c\r\nServer: s\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
                + "Content-Length: 2\r\n\r\nok"
        );
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
        answer
            .Fields.Where(f => f.Name == "Set-Cookie")
            .Select(f => f.Value)
            .ShouldBe(["a=1; Path=/", "b=2"]);
        answer["X-Odd"].ShouldBe("\u00e9\u00ff");
        answer["X-Empty"].ShouldBe("");
        answer["Server"].ShouldBe("s");
        answer["Date"].ShouldBe("Thu, 01 Jan 2026 00:00:00 GMT");
        foreach (
            var name in (string[])
                ["X-Hop", "Keep-Alive", "Proxy-Connection", "Upgrade", "Connection"]
        )
        {
            answer[name].ShouldBeNull(name);
        }
    }

    [Fact]
    public async Task Answer_AfterManyParts_IsByteForByte()
    {
        var bytes = new byte[3 << 20];
        new Random(7).NextBytes(bytes);
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            var random = new Random(8);
            while (await peer.ReadRequestAsync() is { } request)
            {
                var chunked = request.Target.EndsWith("chunked", StringComparison.Ordinal);
                await peer.SendAsync(
                    chunked
                        ? "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                        : $"HTTP/1.1 200 OK\r\nContent-Length: {bytes.Length}\r\n\r\n"
                );
                for (var at = 0; at < bytes.Length; )
                {
                    var part = Math.Min(random.Next(1, 100_000), bytes.Length - at);
                    await peer.SendAsync(chunked ? $"{part:X}\r\n" : "");
                    await peer.SendAsync(bytes[at..(at + part)]);
                    await peer.SendAsync(chunked ? "\r\n" : "");
                    at += part;
                }

                await peer.SendAsync(chunked ? "0\r\n\r\n" : "");
            }
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        foreach (var kind in (string[])["chunked", "length", "chunked"])
        {
            var answer = await client.AskAsync($"GET {path}/{kind} HTTP/1.1\r\nHost: a\r\n\r\n");
            answer.Body.AsSpan().SequenceEqual(bytes).ShouldBeTrue(kind);
        }
    }
}
