using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>What a strict server must take all the same, and what the upstream then sees.</summary>
public sealed class AcceptedRequestTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private readonly string _nonce = WireHosts.NewNonce();

    public static TheoryData<string> Lines =>
        [
            "X-A:b",
            "X-A: b",
            "X-A:\tb",
            "X-A:  b \t",
            "x-A: b",
            "!#$%&'*+-.^_`|~aZ09: odd name\r\nX-A: b",
            "X-Other:\r\nX-A: b",
            "X-Other: \t \r\nX-A: b",
            "X_A: c\r\nX-A: b",
            "X-Bytes: \u0080\u00ff\r\nX-A: b",
            "X-Tab: a\tb\r\nX-A: b",
            "X-Quoted: \"a\\\"b, c\"\r\nX-A: b",
            "Connection: keep-alive\r\nX-A: b",
            "Connection: ,, keep-alive ,\r\nX-A: b",
        ];

    public static TheoryData<string> Hosts =>
        [
            "a",
            "a.example",
            "a.example:8080",
            "a.example:",
            "A.Example",
            "127.0.0.1:80",
            "[::1]",
            "[::1]:8080",
            "a_b",
            "a%20b",
            "xn--bcher-kva.example",
        ];

    public static TheoryData<string> ChunkedBodies =>
        [
            "5\r\nhello\r\n0\r\n\r\n",
            "1\r\nh\r\n4\r\nello\r\n0\r\n\r\n",
            "005\r\nhello\r\n000\r\n\r\n",
            "5;a\r\nhello\r\n0;b\r\n\r\n",
            "5;a=b;c=\"d;e\\\"\"\r\nhello\r\n0\r\n\r\n",
            "5;a=b\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n",
        ];

    [Theory, MemberData(nameof(Lines))]
    public async Task Fields_Valid_ArePassedOn(string lines)
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"GET /w/{_nonce} HTTP/1.1\r\nHost: a\r\n{lines}\r\n\r\n"
        );
        answer.Status.ShouldBe(200);
        var seen = hosts.Seen(_nonce);
        seen.Fields.Where(f => f.Name == "x-a").Select(f => f.Value).ShouldContain("b");
        if (lines.StartsWith("X-Bytes", StringComparison.Ordinal))
        {
            seen["x-bytes"].ShouldBe("\u0080\u00ff");
        }
    }

    [Theory, MemberData(nameof(Hosts))]
    public async Task Host_Valid_IsPassedOnAsForwardedHost(string host)
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync($"GET /w/{_nonce} HTTP/1.1\r\nHost: {host}\r\n\r\n");
        answer.Status.ShouldBe(200);
        hosts.Seen(_nonce)["x-forwarded-host"].ShouldBe(host);
        hosts.Seen(_nonce)["host"].ShouldBe(new Uri(hosts.Upstream.Origin).Authority);
    }

    [Theory, MemberData(nameof(ChunkedBodies))]
    public async Task Chunks_Valid_ArriveAsOneBody(string body)
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n{body}"
        );
        answer.Text.ShouldBe($"POST /{_nonce}\n\nhello");
        var seen = hosts.Seen(_nonce);
        seen["transfer-encoding"].ShouldBe("chunked");
        seen["content-length"].ShouldBeNull();
        // Extensions are of one hop.
        seen.Text.ShouldNotContain(";a");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("get")]
    [InlineData("DELETE")]
    [InlineData("PROPFIND")]
    [InlineData("!#$%&'*+-.^_`|~")]
    public async Task Method_AnyToken_ArrivesWithItsBody(string method)
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"{method} /w/{_nonce} HTTP/1.1\r\nHost: a\r\nContent-Length: 00004\r\n\r\nbody"
        );
        answer.Text.ShouldBe($"{method} /{_nonce}\n\nbody");
    }

    [Theory]
    [InlineData("POST /w/{0} HTTP/1.1\r\nHost: a\r\n\r\n")]
    [InlineData("POST /w/{0} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST /w/{0} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    public async Task Body_Empty_IsEmptyAtTheUpstream(string request)
    {
        using var client = await hosts.ConnectAsync();
        var text = request.Replace("{0}", _nonce, StringComparison.Ordinal);
        (await client.AskAsync(text)).Text.ShouldBe($"POST /{_nonce}\n\n");
        (
            await client.AskAsync(text.Replace(_nonce, "x", StringComparison.Ordinal))
        ).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Request_BehindOneEmptyLine_IsServed()
    {
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"\r\nGET /w/{_nonce} HTTP/1.1\r\nHost: a\r\n\r\n");
        (await client.ReadAsync()).Text.ShouldBe($"GET /{_nonce}\n\n");
        await client.SendAsync($"\r\nGET /w/2{_nonce} HTTP/1.1\r\nHost: a\r\n\r\n");
        (await client.ReadAsync()).Text.ShouldBe($"GET /2{_nonce}\n\n");
    }

    [Theory]
    [InlineData("http://b.example:81/w/{0}?a=1")]
    [InlineData("https://b.example:81/w/{0}?a=1")]
    [InlineData("HTTP://b.example:81/w/{0}?a=1")]
    public async Task Target_AbsoluteForm_ReplacesTheHost(string target)
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"GET {target.Replace("{0}", _nonce, StringComparison.Ordinal)} HTTP/1.1\r\nHost: a\r\n\r\n"
        );
        answer.Text.ShouldBe($"GET /{_nonce}?a=1\n\n");
        hosts.Seen(_nonce)["x-forwarded-host"].ShouldBe("b.example:81");
    }

    [Fact]
    public async Task Options_OfTheServer_AreAnsweredHere()
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync($"OPTIONS * HTTP/1.1\r\nHost: {_nonce}\r\n\r\n");
        answer.Status.ShouldBe(204);
        answer["Allow"].ShouldNotBeNullOrEmpty();
        hosts.Upstream.Saw(_nonce).ShouldBeFalse();
        (await client.AskAsync("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Fields_OfTheConnection_AreNotPassedOn()
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"GET /w/{_nonce} HTTP/1.1\r\nHost: a\r\nConnection: X-Mine, keep-alive\r\nX-Mine: 1\r\n"
                + "Connection: x-also\r\nX-Also: 2\r\nKeep-Alive: timeout=5\r\nProxy-Connection: x\r\n"
                + "TE: gzip\r\nX-Stays: 3\r\n\r\n"
        );
        answer.Status.ShouldBe(200);
        var seen = hosts.Seen(_nonce);
        foreach (var name in (string[])["x-mine", "x-also", "keep-alive", "proxy-connection"])
        {
            seen[name].ShouldBeNull();
        }

        (seen["te"] ?? "").ShouldNotContain("gzip");
        seen["x-stays"].ShouldBe("3");
    }

    // Naming the fields that frame or secure a request in Connection must not take them away.
    [Fact]
    public async Task Connection_NamesFieldsOfTheFraming_LeavesThem()
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nConnection: content-length, host, x-forwarded-for\r\n"
                + "Content-Length: 5\r\n\r\nhello"
        );
        answer.Text.ShouldBe($"POST /{_nonce}\n\nhello");
        hosts.Seen(_nonce)["x-forwarded-for"].ShouldBe("127.0.0.1");
        hosts.Seen(_nonce)["host"].ShouldNotBeNull();
    }

    [Fact]
    public async Task Upgrade_OfAPost_IsAnOrdinaryRequest()
    {
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
                + "Content-Length: 5\r\n\r\nhello"
        );
        answer.Text.ShouldBe($"POST /{_nonce}\n\nhello");
        hosts.Seen(_nonce)["upgrade"].ShouldBeNull();
        (await client.AskAsync("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(200);
    }
}
