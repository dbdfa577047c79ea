using System.Diagnostics;
using System.Security.Cryptography;
using ApiSvc.Gateway.Http1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>
/// Changed requests and changed answers on many connections: no crash, no hang, nothing left open, no answer for somebody
/// else. A run prints its seed; with <c>APISVC_FUZZ_SEED</c> set, it has that one.
/// </summary>
public sealed class FuzzTests(ITestOutputHelper output)
{
    [Fact]
    public Task Gateway_FuzzedShortly_Holds() => FuzzAsync(TimeSpan.FromSeconds(20));

    // Alone in its process: so the file descriptors can be counted.
    [Fact, Trait("Long", "fuzz")]
    public async Task Gateway_FuzzedForTenMinutes_Holds()
    {
        await FuzzAsync(TimeSpan.FromSeconds(1));
        var before = Descriptors();
        await FuzzAsync(TimeSpan.FromMinutes(10));
        Descriptors().ShouldBeLessThanOrEqualTo(before + 16);
    }

    private static int Descriptors() => Directory.GetFileSystemEntries("/proc/self/fd").Length;

    private async Task FuzzAsync(TimeSpan time)
    {
        var seed = int.TryParse(
            Environment.GetEnvironmentVariable("APISVC_FUZZ_SEED"),
            System.Globalization.CultureInfo.InvariantCulture,
            out var given
        )
            ? given
            : RandomNumberGenerator.GetInt32(int.MaxValue);
        output.WriteLine($"seed {seed}");
        await using var upstream = new LenientUpstream(FuzzUpstream.Answer, keeps: false);
        var session = await FuzzAsync(upstream, seed, time);
        output.WriteLine($"{session.Connections} connections, {session.Answers} good answers");
        session.Failures.ShouldBeEmpty($"seed {seed}");
        session.Answers.ShouldBeGreaterThan((int)time.TotalSeconds * 10);
        await Eventually.HoldsAsync(
            () => TcpTable.Held(upstream.Port).Count == 0,
            "a gateway that has ended holds no connection to the upstream"
        );
    }

    private static async Task<FuzzSession> FuzzAsync(
        LenientUpstream upstream,
        int seed,
        TimeSpan time
    )
    {
        await using var gateway = await GatewayHost.StartAsync(
            null,
            ("Edge:Http1:HeadTimeout", "00:00:00.400"),
            ("Edge:Http1:IdleTimeout", "00:00:02"),
            ("Edge:Http1:MinRateGrace", "00:00:00.400")
        );
        await OpenApi.PutAsync(gateway, "/w", upstream.Origin, TimeSpan.FromSeconds(5));
        await OpenApi.PutAsync(gateway, "/m", upstream.Origin, TimeSpan.FromMilliseconds(500));
        var session = new FuzzSession(gateway, seed);
        await session.RunAsync(time);
        var port = new Uri(gateway.Http).Port;
        await Eventually.HoldsAsync(
            () =>
                TcpTable.Held(port).Count == 0
                && gateway.Services.GetRequiredService<Http1Lane>().Connections == 0,
            "the gateway holds no connection of a client that has gone"
        );
        // What it keeps to the upstream is what it used at once, not what it ever opened; both ends are counted.
        TcpTable.Held(upstream.Port).Count.ShouldBeLessThanOrEqualTo(2 * 128);
        var start = Stopwatch.GetTimestamp();
        using var client = await RawClient.ConnectAsync(gateway.Http);
        var answer = await client.AskAsync(
            "GET /w/end HTTP/1.1\r\nHost: a\r\nX-Nonce: end\r\n\r\n"
        );
        answer.Text.ShouldBe("GET /end\nend\n");
        Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(2));
        return session;
    }
}
