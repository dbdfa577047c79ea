using ApiSvc.Gateway.Tests.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>WebSockets (RFC 6455), the first request on a connection or not.</summary>
public sealed class UpgradeTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private const string Handshake =
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";

    [Theory]
    [InlineData(0)]
    [InlineData(2)]
    public async Task Upgrade_BehindOrdinaryRequests_CarriesBytesBothWays(int before)
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            while (await peer.ReadRequestAsync() is { } request)
            {
                if (request["upgrade"] is null)
                {
                    await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                    continue;
                }

                await peer.SendAsync(
                    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                        + "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n"
                );
                await peer.SendAsync("<" + await peer.ReadAsync(5) + ">");
                return;
            }
        });
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        for (var i = 0; i < before; i++)
        {
            (await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n\r\n")).Text.ShouldBe("ok");
        }

        var answer = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n{Handshake}");
        answer.Status.ShouldBe(101);
        answer["Sec-WebSocket-Accept"].ShouldBe("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
        await client.SendAsync("bytes");
        (await client.ReadToEndAsync()).ShouldBe("<bytes>");
    }

    [Fact]
    public async Task Upgrade_UpstreamDeclines_IsAnOrdinaryAnswer()
    {
        await using var upstream = ScriptedUpstream.Answering(
            "HTTP/1.1 426 Upgrade Required\r\nContent-Length: 2\r\n\r\nno"
        );
        var path = await hosts.PutAsync(upstream);
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync($"GET {path} HTTP/1.1\r\nHost: a\r\n{Handshake}");
        (answer.Status, answer.Text).ShouldBe((426, "no"));
    }

    // What is refused must be refused on the way to the other lane, too.
    [Theory]
    [InlineData("Transfer-Encoding: chunked\r\nContent-Length: 5\r\n")]
    [InlineData("Content-Length: +5\r\n")]
    [InlineData("Transfer-Encoding: chunked, chunked\r\n")]
    [InlineData("X-A : b\r\n")]
    [InlineData("Host: b\r\n")]
    public async Task Upgrade_WithAFault_IsRefused(string line)
    {
        var nonce = WireHosts.NewNonce();
        using var client = await hosts.ConnectAsync();
        var answer = await client.AskAsync(
            $"GET /w/{nonce} HTTP/1.1\r\nHost: a\r\n{line}{Handshake}"
        );
        answer.Status.ShouldBe(400);
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        hosts.Upstream.Saw(nonce).ShouldBeFalse();
    }
}
