using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>Which connections stay, and what many requests on one get (RFC 9112 section 9).</summary>
public sealed class PersistenceTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private readonly string _nonce = WireHosts.NewNonce();

    [Fact]
    public async Task Requests_InOneSend_AreAnsweredInOrder()
    {
        using var client = await hosts.ConnectAsync();
        var requests = Enumerable
            .Range(0, 60)
            .Select(i =>
                (i % 3) switch
                {
                    0 => $"GET /w/{_nonce}/{i} HTTP/1.1\r\nHost: a\r\n\r\n",
                    1 =>
                        $"POST /w/{_nonce}/{i} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{i:00}",
                    _ =>
                        $"PUT /w/{_nonce}/{i} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                            + $"1\r\n{i / 10}\r\n1\r\n{i % 10}\r\n0\r\n\r\n",
                }
            );
        await client.SendAsync(string.Concat(requests));
        for (var i = 0; i < 60; i++)
        {
            var answer = await client.ReadAsync();
            answer.Text.Split('\n')[0].ShouldEndWith($" /{_nonce}/{i}");
            answer.Text.Split('\n')[2].ShouldBe(i % 3 == 0 ? "" : $"{i:00}");
        }

        hosts
            .Upstream.Answered.Count(r => r.Target.Contains(_nonce, StringComparison.Ordinal))
            .ShouldBe(60);
    }

    [Fact]
    public async Task Request_InSingleBytes_IsServed()
    {
        using var client = await hosts.ConnectAsync();
        var text =
            $"\r\nPOST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n";
        foreach (var one in text)
        {
            await client.SendAsync(one.ToString());
        }

        (await client.ReadAsync()).Text.ShouldBe($"POST /{_nonce}\n\nhello");
        hosts.Seen(_nonce).Trailers.ShouldBe([("x-sum", "1")]);
    }

    [Theory]
    [InlineData("HTTP/1.1", "Connection: close", false)]
    [InlineData("HTTP/1.1", "Connection: x, CLOSE", false)]
    [InlineData("HTTP/1.1", "Connection: x\r\nConnection: close", false)]
    [InlineData("HTTP/1.1", "X-A: b", true)]
    [InlineData("HTTP/1.1", "Connection: keep-alive", true)]
    [InlineData("HTTP/1.0", "X-A: b", false)]
    [InlineData("HTTP/1.0", "Connection: close", false)]
    [InlineData("HTTP/1.0", "Connection: keep-alive", true)]
    [InlineData("HTTP/1.0", "Connection: Keep-Alive\r\nConnection: close", false)]
    public async Task Connection_AsTheClientWantsIt_StaysOrEnds(
        string version,
        string lines,
        bool stays
    )
    {
        using var client = await hosts.ConnectAsync();
        var request = $"GET /w/{_nonce} {version}\r\nHost: a\r\n{lines}\r\n\r\n";
        var answer = await client.AskAsync(request);
        answer.Text.ShouldBe($"GET /{_nonce}\n\n");
        if (stays)
        {
            answer["Connection"].ShouldBe(version == "HTTP/1.0" ? "keep-alive" : null);
            (await client.AskAsync(request)).Status.ShouldBe(200);
            return;
        }

        if (version == "HTTP/1.1")
        {
            answer["Connection"].ShouldBe("close");
        }

        (await client.ReadToEndAsync()).ShouldBeEmpty();
    }

    // Behind the last request of a connection there is no other, whatever comes.
    [Fact]
    public async Task Request_BehindTheLast_IsNotServed()
    {
        using var client = await hosts.ConnectAsync();
        await client.SendAsync(
            "GET /w/x HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
                + $"GET /w/{_nonce} HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        (await client.ReadAsync()).Status.ShouldBe(200);
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        hosts.Upstream.Saw(_nonce).ShouldBeFalse();
    }

    [Fact]
    public async Task Request_Of10WithoutHost_IsServed()
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync($"GET /w/{_nonce} HTTP/1.0\r\n\r\n");
        answer.Text.ShouldBe($"GET /{_nonce}\n\n");
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        hosts.Seen(_nonce)["host"].ShouldNotBeNull();
    }

    [Theory]
    [InlineData(200, "Content-Length: 5\r\n")]
    [InlineData(200, "Transfer-Encoding: chunked\r\n")]
    [InlineData(404, "Content-Length: 7\r\n")]
    public async Task Head_OfAnything_HasNoBodyAndLeavesTheConnections(int status, string lines)
    {
        await using var upstream = ScriptedUpstream.Answering(
            $"HTTP/1.1 {status} X\r\n{lines}\r\n"
        );
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            var answer = await client.AskAsync($"HEAD {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            answer.Status.ShouldBe(status);
        }

        upstream.Accepted.ShouldBe(1);
    }

    [Theory]
    [InlineData("204 No Content\r\n")]
    [InlineData("204 No Content\r\nContent-Length: 5\r\n")]
    [InlineData("304 Not Modified\r\nContent-Length: 5\r\nETag: \"a\"\r\n")]
    [InlineData("304 Not Modified\r\n")]
    [InlineData("200 OK\r\nContent-Length: 0\r\n")]
    [InlineData("200 \r\nContent-Length: 0\r\n")]
    [InlineData("299 Own phrase\r\nContent-Length: 0\r\n")]
    public async Task Answer_WithoutABody_LeavesTheConnections(string head)
    {
        await using var upstream = ScriptedUpstream.Answering($"HTTP/1.1 {head}\r\n");
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            var answer = await client.AskAsync($"GET {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            answer
                .Status.ToString(System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBe(head[..3]);
            answer.Body.ShouldBeEmpty();
            if (answer.Status == 204)
            {
                answer["Content-Length"].ShouldBeNull();
            }
        }

        upstream.Accepted.ShouldBe(1);
    }

    [Fact]
    public async Task Upstream_EndedAnIdleConnection_NoCallFails()
    {
        var ended = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            peer.Socket.Close();
            ended.Release();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 1; i <= 20; i++)
        {
            var answer = await client.AskAsync($"GET {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            answer.Text.ShouldBe("ok");
            (await ended.WaitAsync(TimeSpan.FromSeconds(10))).ShouldBeTrue();
        }

        upstream.Accepted.ShouldBe(20);
    }

    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\nok")]
    public async Task Upstream_WantsTheConnectionToEnd_IsNotUsedAgain(string head)
    {
        await using var upstream = ScriptedUpstream.Answering(head);
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 1; i <= 3; i++)
        {
            var answer = await client.AskAsync($"GET {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            (answer.Text, answer.Version, answer["Connection"]).ShouldBe(("ok", "HTTP/1.1", null));
        }

        await Eventually.HoldsAsync(() => upstream.Accepted == 3, "a connection for each");
    }
}
