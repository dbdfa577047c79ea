using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Chaos;

/// <summary>Each fault of an upstream: a problem of the right type or a visible end, one record, and nobody else disturbed.</summary>
public sealed class ChaosTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private static readonly Dictionary<string, Fault> All = Faults.All.ToDictionary(f => f.Name);
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan ShortTimeout = TimeSpan.FromMilliseconds(300);

    private readonly string _nonce = WireHosts.NewNonce();

    public static TheoryData<string> Names => [.. All.Keys];

    [Theory, MemberData(nameof(Names))]
    public async Task Upstream_Fails_TheClientSeesIt(string name)
    {
        var fault = All[name];
        await using var upstream = new ScriptedUpstream(fault.Script);
        var path = await hosts.PutAsync(upstream, fault.Status == 504 ? ShortTimeout : Timeout);
        using var other = await hosts.ConnectAsync();
        await other.SendAsync(
            $"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhel"
        );
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"GET {path}/{_nonce} HTTP/1.1\r\nHost: a\r\n\r\n");
        var answer = await ReadAsync(client);
        if (fault.Outcome == Outcome.Problem)
        {
            answer.ShouldNotBeNull();
        }

        var record = await hosts.Gateway.Records.WaitForAsync($"{path}/{_nonce}");
        if (answer is not null)
        {
            answer.Status.ShouldBe(fault.Status);
            (answer.Problem, record.Status).ShouldBe((record.ProblemId, (uint)fault.Status));
            record.ProblemId.ShouldBeOneOf(
                fault.Status == 504
                    ? ["upstream-timeout"]
                    : ["upstream-unreachable", "upstream-bad-answer"]
            );
            if (answer["Connection"] is null)
            {
                (await client.AskAsync("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(
                    200
                );
            }
        }

        await other.SendAsync("lo");
        (await other.ReadAsync()).Text.ShouldBe($"POST /{_nonce}\n\nhello");
    }

    // To a client that knows no chunks, only a reset says that an answer without a length is not whole.
    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n", false)]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nxyz\r\n", false)]
    [InlineData("\r\nhello", true)]
    public async Task Answer_EndsWithinABodyWithoutALength_IsResetToA10Client(
        string text,
        bool reset
    )
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\n" + text);
            await peer.ReadAsync(1);
        });
        var path = await hosts.PutAsync(upstream, ShortTimeout);
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"GET {path}/{_nonce} HTTP/1.0\r\nHost: a\r\n\r\n");
        var all = await client.ReadToEndAsync();
        (all.StartsWith("HTTP/1.1 50", StringComparison.Ordinal) || client.WasReset).ShouldBeTrue(
            $"{reset}: {all}"
        );
    }

    [Theory]
    [InlineData("Content-Length: 100\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    public async Task Upstream_DiesDuringTheUpload_TheClientHearsItAtOnce(string body)
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadAsync(5);
            peer.Reset();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"POST {path}/{_nonce} HTTP/1.1\r\nHost: a\r\n{body}");
        var answer = await client.ReadAsync();
        (answer.Status, answer.Problem).ShouldBe((502, "upstream-unreachable"));
    }

    // A kept connection that ends is tried again on a new one, but not once the upstream has begun to answer.
    [Theory]
    [InlineData("", 200, 2)]
    [InlineData("HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n", 502, 1)]
    [InlineData("HTTP/1.1 2", 502, 1)]
    public async Task Upstream_EndsAKeptConnection_TheCallIsRepeatedOnlyIfNothingCame(
        string start,
        int status,
        int connections
    )
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await peer.ReadRequestAsync();
            await peer.SendAsync(start);
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        (await client.AskAsync($"GET {path}/1 HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(200);
        (await client.AskAsync($"GET {path}/2 HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(
            status
        );
        upstream.Accepted.ShouldBe(connections);
    }

    // What may not be sent twice is not (RFC 9110 section 9.2.2).
    [Fact]
    public async Task Upstream_EndsAKeptConnection_APostIsNotRepeated()
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await peer.ReadRequestAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        var post = $"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\nhi";
        (await client.AskAsync(post)).Status.ShouldBe(200);
        (await client.AskAsync(post)).Status.ShouldBe(502);
        upstream.Accepted.ShouldBe(1);
    }

    // Bytes behind an answer belong to no request: the next one must not get them.
    [Theory]
    [InlineData("200 OK\r\nContent-Length: 2\r\n\r\nok", "GET")]
    [InlineData("200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n", "GET")]
    [InlineData("204 No Content\r\n\r\n", "GET")]
    [InlineData("304 Not Modified\r\nContent-Length: 5\r\n\r\n", "GET")]
    [InlineData("200 OK\r\nContent-Length: 5\r\n\r\n", "HEAD")]
    public async Task Upstream_SendsMoreThanItsAnswer_NobodyGetsIt(string answer, string method)
    {
        const string stray = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray";
        await using var upstream = ScriptedUpstream.Answering("HTTP/1.1 " + answer + stray);
        var path = await hosts.PutAsync(upstream);
        for (var i = 1; i <= 5; i++)
        {
            using var client = await hosts.ConnectAsync();
            var got = await client.AskAsync($"{method} {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            got.Status.ToString(System.Globalization.CultureInfo.InvariantCulture)
                .ShouldBe(answer[..3]);
            got.Text.ShouldNotContain("stray");
        }

        upstream.Accepted.ShouldBe(5);
    }

    [Fact]
    public async Task Upstream_AnswersWithoutBeingAsked_NobodyGetsIt()
    {
        var strayed = new SemaphoreSlim(0);
        var go = new SemaphoreSlim(0);
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadRequestAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            await go.WaitAsync(peer.Stop);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nstray");
            strayed.Release();
            await peer.WaitForEndAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 1; i <= 5; i++)
        {
            var got = await client.AskAsync($"GET {path}/{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            got.Text.ShouldBe("ok");
            go.Release();
            await strayed.WaitAsync();
            await Eventually.HoldsAsync(
                () =>
                    TcpTable
                        .Held(upstream.Port)
                        .Where(e => e.RemotePort == upstream.Port)
                        .All(e => e.Unread == 0),
                "the gateway has read what it did not ask for"
            );
        }

        upstream.Accepted.ShouldBe(5);
    }

    /// <returns>Null where the answer is visibly incomplete.</returns>
    private static async Task<WireAnswer?> ReadAsync(RawClient client)
    {
        try
        {
            return await client.ReadAsync();
        }
        catch (EndOfStreamException)
        {
            return null;
        }
    }
}
