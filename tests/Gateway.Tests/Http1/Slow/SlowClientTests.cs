using System.Diagnostics;
using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Slow;

/// <summary>Clients that hold connections by saying little, or by taking little.</summary>
public sealed class SlowClientTests(SlowHosts hosts) : IClassFixture<SlowHosts>
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(8);

    private readonly string _nonce = WireHosts.NewNonce();
    private readonly long _start = Stopwatch.GetTimestamp();

    [Theory]
    [InlineData("GET /w/{0} HTTP/1.1\r\nHost: a\r\nX-A: ", "b")]
    [InlineData("GET /w/{0}", "b")]
    [InlineData("GET /w/{0} HTTP/1.1\r\nHost: a\r\n", "X-A: b\r\n")]
    public async Task Head_NeverEnds_IsAnsweredWith408(string start, string part)
    {
        using var client = await hosts.ConnectAsync();
        await client.SendAsync(start.Replace("{0}", _nonce, StringComparison.Ordinal));
        await ShouldBeTooSlowAsync(client, part);
        hosts.Upstream.Saw(_nonce).ShouldBeFalse();
    }

    [Fact]
    public async Task Head_OfALaterRequestNeverEnds_IsAnsweredWith408()
    {
        using var client = await hosts.ConnectAsync();
        (await client.AskAsync("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(200);
        await client.SendAsync($"GET /w/{_nonce} HTTP/1.1\r\nHost: a\r\nX-A: ");
        await ShouldBeTooSlowAsync(client, "b");
        hosts.Upstream.Saw(_nonce).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Content-Length: 50000", "0123456789")]
    [InlineData("Transfer-Encoding: chunked", "1\r\na\r\n")]
    public async Task Body_TooSlow_IsAnsweredWith408AndNeverComplete(string framing, string part)
    {
        using var client = await hosts.ConnectAsync();
        await client.SendAsync($"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\n{framing}\r\n\r\n");
        await ShouldBeTooSlowAsync(client, part);
        await Eventually.HoldsAsync(
            () => hosts.Upstream.HasEnded(_nonce),
            "the upstream hears of it"
        );
        hosts.Upstream.Find(_nonce).ShouldBeEmpty();
    }

    [Fact]
    public async Task Body_QuickEnough_IsServed()
    {
        using var client = await hosts.ConnectAsync();
        var part = new string('a', 5_000);
        await client.SendAsync(
            $"POST /w/{_nonce} HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n"
        );
        await Drip.SendAsync(client, part, 30, Interval);
        (await client.ReadAsync()).Text.ShouldBe($"POST /{_nonce}\n\n{new string('a', 150_000)}");
    }

    [Theory]
    [InlineData("")]
    [InlineData("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")]
    public async Task Connection_WithoutARequest_EndsInSilence(string first)
    {
        using var client = await hosts.ConnectAsync();
        if (first.Length > 0)
        {
            (await client.AskAsync(first)).Status.ShouldBe(200);
        }

        (await client.ReadToEndAsync()).ShouldBeEmpty();
        Stopwatch.GetElapsedTime(_start).ShouldBeInRange(SlowHosts.HeadTimeout / 2, Soon);
    }

    [Theory]
    [InlineData("Content-Length: 67108864\r\n\r\n")]
    [InlineData("Transfer-Encoding: chunked\r\n\r\n4000000\r\n")]
    public async Task Answer_ReaderTakesNothing_IsCutOnBothSides(string framing)
    {
        var ended = new TaskCompletionSource();
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            try
            {
                await peer.ReadRequestAsync();
                await peer.SendAsync("HTTP/1.1 200 OK\r\n" + framing);
                await peer.SendAsync(new byte[64 << 20]);
                await peer.WaitForEndAsync();
            }
            finally
            {
                ended.SetResult();
            }
        });
        await OpenApi.PutAsync(hosts.Gateway, $"/s/{_nonce}", upstream.Origin);
        using var client = await RawClient.ConnectAsync(
            hosts.Gateway.Http,
            receiveBuffer: 32 << 10
        );
        await client.SendAsync($"GET /s/{_nonce} HTTP/1.1\r\nHost: a\r\n\r\n");
        await ended.Task.WaitAsync(Soon);
        await Should.ThrowAsync<EndOfStreamException>(() => client.ReadAsync());
        await hosts.Gateway.Records.WaitForAsync($"/s/{_nonce}");
    }

    // Neither is the client's fault: an upstream that thinks, and one that takes the body late.
    [Fact]
    public async Task Upstream_IsSlow_TheClientIsNotCut()
    {
        await using var upstream = new ScriptedUpstream(async peer =>
        {
            using var timer = new PeriodicTimer(SlowHosts.Grace * 2);
            await peer.ReadHeadAsync();
            await timer.WaitForNextTickAsync(peer.Stop);
            await peer.ReadBytesAsync(24 << 20);
            await timer.WaitForNextTickAsync(peer.Stop);
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
            await timer.WaitForNextTickAsync(peer.Stop);
            await peer.SendAsync("1\r\nb\r\n0\r\n\r\n");
        });
        await OpenApi.PutAsync(hosts.Gateway, $"/s/{_nonce}", upstream.Origin);
        using var client = await hosts.ConnectAsync();
        await client.SendAsync(
            $"POST /s/{_nonce} HTTP/1.1\r\nHost: a\r\nContent-Length: {24 << 20}\r\n\r\n"
        );
        await client.SendAsync(new byte[24 << 20]);
        (await client.ReadAsync()).Text.ShouldBe("ab");
    }

    [Fact]
    public async Task Connections_ManySlowOnes_DisturbNobody()
    {
        var slow = new List<RawClient>();
        for (var i = 0; i < 200; i++)
        {
            slow.Add(await hosts.ConnectAsync());
            await slow[^1].SendAsync($"GET /w/{_nonce} HTTP/1.1\r\nHost: a\r\nX-A: ");
        }

        var cut = Task.WhenAll(slow.Select(client => client.ReadToEndAsync()));
        using var client = await hosts.ConnectAsync();
        while (!cut.IsCompleted)
        {
            (await client.AskAsync("GET /w/x HTTP/1.1\r\nHost: a\r\n\r\n")).Status.ShouldBe(200);
        }

        (await cut).ShouldAllBe(text => text.StartsWith("HTTP/1.1 408 ", StringComparison.Ordinal));
        slow.ForEach(c => c.Dispose());
    }

    private async Task ShouldBeTooSlowAsync(RawClient client, string part)
    {
        var answer = (await Drip.UntilCutAsync(client, part, Interval)).ShouldNotBeNull();
        Stopwatch.GetElapsedTime(_start).ShouldBeInRange(SlowHosts.Grace / 2, Soon);
        (answer.Status, answer["Connection"]).ShouldBe((408, "close"));
        (await client.ReadToEndAsync()).ShouldBeEmpty();
        var record = hosts.Gateway.Records.Of(answer["X-Request-Id"]);
        (record.Status, record.ProblemId).ShouldBe((408u, answer.Problem));
    }
}
