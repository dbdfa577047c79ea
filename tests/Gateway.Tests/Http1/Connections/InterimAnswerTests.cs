using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>Answers before the answer, and answers before the request has ended (RFC 9110 sections 10.1.1 and 15.2).</summary>
public sealed class InterimAnswerTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private const string Ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

    [Fact]
    public async Task Expect_UpstreamSays100_TheClientHearsItAndSends()
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            while (await peer.ReadHeadAsync() is { } head)
            {
                head["expect"].ShouldBe("100-continue");
                await peer.SendAsync("HTTP/1.1 100 Continue\r\n\r\n");
                (await peer.ReadAsync(5)).ShouldBe("hello");
                await peer.SendAsync(Ok);
            }
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync(
                $"POST {path} HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 5\r\n\r\n"
            );
            (await client.ReadOneAsync()).Status.ShouldBe(100);
            await client.SendAsync("hello");
            (await client.ReadAsync()).Text.ShouldBe("ok");
        }
    }

    [Fact]
    public async Task Expect_ClientDoesNotWait_IsServed()
    {
        var nonce = WireHosts.NewNonce();
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"POST /w/{nonce} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello"
        );
        answer.Text.ShouldBe($"POST /{nonce}\n\nhello");
        answer = await client.AskAsync($"GET /w/2{nonce} HTTP/1.1\r\nHost: a\r\n\r\n");
        answer.Text.ShouldBe($"GET /2{nonce}\n\n");
    }

    [Theory]
    [InlineData("HTTP/1.1 417 Expectation Failed\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("HTTP/1.1 403 Forbidden\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")]
    public async Task Expect_UpstreamDeclines_TheClientHearsThatAndSendsNothing(string refusal)
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync(refusal);
            await peer.WaitForEndAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        await client.SendAsync(
            $"POST {path} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        );
        var answer = await client.ReadAsync();
        answer.Before.ShouldBeEmpty();
        answer
            .Status.ToString(System.Globalization.CultureInfo.InvariantCulture)
            .ShouldBe(refusal[9..12]);
    }

    [Fact]
    public async Task EarlyHints_OfTheUpstream_ComeBeforeTheAnswer()
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            while (await peer.ReadRequestAsync() is not null)
            {
                await peer.SendAsync(
                    "HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\nConnection: x-hop\r\nX-Hop: 1\r\n\r\n"
                        + "HTTP/1.1 102 Processing\r\n\r\n"
                );
                await peer.SendAsync(Ok);
            }
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < 2; i++)
        {
            var answer = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n");
            answer.Text.ShouldBe("ok");
            answer.Before.Select(b => b.Status).ShouldBe([103, 102]);
            answer.Before[0]["Link"].ShouldBe("</a>; rel=preload");
            answer.Before[0]["X-Hop"].ShouldBeNull();
        }

        // What 1.0 does not know is not sent to it (RFC 9110 section 15.2).
        var old = await client.AskAsync($"GET {path} HTTP/1.0\r\nHost: a\r\n\r\n");
        (old.Before.Count, old.Text).ShouldBe((0, "ok"));
    }

    [Theory]
    [InlineData("Content-Length: 100000000")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task Answer_DuringTheUpload_ReachesTheClient(string framing)
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadAsync(5);
            await peer.SendAsync(
                "HTTP/1.1 422 Unprocessable\r\nConnection: close\r\nContent-Length: 7\r\n\r\nenough!"
            );
            await peer.WaitForEndAsync();
        });
        await using var gateway = await Calls.GatewayHost.StartAsync(
            null,
            ("Edge:MaxRequestBodyBytes", "200000000")
        );
        await OpenApi.PutAsync(gateway, "/early", upstream.Origin);
        using var client = await RawClient.ConnectAsync(gateway.Http);
        await client.SendAsync(
            $"POST /early/x HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n"
                + (framing[0] == 'T' ? "8\r\n12345678\r\n" : "12345678")
        );
        var answer = await client.ReadAsync();
        (answer.Status, answer.Text).ShouldBe((422, "enough!"));
    }

    // Both sides speak at once: the answer's first part comes while the request's second is not sent yet.
    [Fact]
    public async Task Bodies_InBothDirections_FlowAtOnce()
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n");
            for (var i = 0; i < 4; i++)
            {
                await peer.SendAsync(await peer.ReadAsync(2));
            }

            await peer.WaitForEndAsync();
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 8\r\n\r\n");
        await client.SendAsync("ab");
        var head = "HTTP/1.1 200 OK\r\n";
        var start = System.Text.Encoding.Latin1.GetString(
            await client.ReadExactlyAsync(head.Length)
        );
        start.ShouldBe(head);
        await ReadUntilAsync(client, "\r\n\r\nab");
        await client.SendAsync("cd");
        await ReadUntilAsync(client, "cd");
        await client.SendAsync("efgh");
        await ReadUntilAsync(client, "efgh");
    }

    private static async Task ReadUntilAsync(RawClient client, string end)
    {
        var text = "";
        while (!text.EndsWith(end, StringComparison.Ordinal))
        {
            text += (char)(await client.ReadExactlyAsync(1))[0];
        }
    }
}
