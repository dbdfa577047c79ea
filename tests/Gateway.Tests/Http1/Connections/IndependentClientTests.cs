using System.Diagnostics;
using System.Text.Json.Nodes;
using ApiSvc.Gateway.Tests.Http1.Wire;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>Clients that others wrote: node's, undici (its <c>fetch</c>), curl.</summary>
public sealed class IndependentClientTests(WireHosts hosts) : IClassFixture<WireHosts>
{
    private static readonly string Script = Path.Combine(
        Repository.Root,
        "tests/Gateway.Tests/Http1/Connections/independent.cjs"
    );

    [Fact]
    public async Task Node_AllItsWays_GetWhatTheyAskFor()
    {
        await using var upstream = ScriptedUpstream.Answering(
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n2\r\nok\r\n0\r\nX-Sum: 7\r\n\r\n"
        );
        await OpenApi.PutAsync(hosts.Gateway, "/t", upstream.Origin);
        var settings = new JsonObject { ["origin"] = hosts.Gateway.Http }.ToJsonString();
        var saw = JsonNode.Parse(
            await ChildProgram.RunAsync(new ProcessStartInfo("node", [Script, settings]))
        )!;
        var kept = saw["kept"]!.AsArray();
        kept.Select(k => (string)k!["body"]!)
            .ShouldBe(Enumerable.Range(0, 5).Select(i => $"GET /kept/{i}\n\n"));
        kept.Skip(1).ShouldAllBe(k => (bool)k!["reused"]!);
        ((string)saw["chunked"]!["body"]!).ShouldBe("POST /chunked\n\nhello");
        hosts.Seen("/chunked").Trailers.ShouldBe([("x-sum", "42")]);
        ((string)saw["trailers"]!["trailers"]!["x-sum"]!).ShouldBe("7");
        ((string)saw["expected"]!["body"]!).ShouldBe("PUT /expected\n\nhello");
        ((bool)saw["continued"]!).ShouldBeTrue();
        saw["fetched"]!
            .AsArray()
            .Select((f, i) => (int)f!["length"]! - (i * 1000))
            .ShouldAllBe(rest => rest == "POST /fetched/0\n\n".Length);
        saw["pipelined"]!.AsArray().Select(i => (int)i!).ShouldBe(Enumerable.Range(0, 50));
    }

    [Fact]
    public async Task Curl_AllItsWays_GetsWhatItAsksFor()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, new string('c', 300_000));
        try
        {
            var origin = hosts.Gateway.Http;
            (
                await CurlAsync($"{origin}/w/one", $"{origin}/w/two", "-w", "%{num_connects}\n")
            ).ShouldBe("GET /one\n\n1\nGET /two\n\n0\n");
            // Over a megabyte it would expect 100-continue of itself; here it is told to.
            var length = await CurlAsync(
                "-T",
                file,
                "-H",
                "Expect: 100-continue",
                "-w",
                "%{size_download}",
                "-o",
                "/dev/null",
                $"{origin}/w/up"
            );
            length.ShouldBe($"{300_000 + "PUT /up\n\n".Length}");
            (
                await CurlAsync("-T", file, "-H", "Transfer-Encoding: chunked", $"{origin}/w/up")
            ).Length.ShouldBe(300_000 + "PUT /up\n\n".Length);
            (await CurlAsync("--http1.0", $"{origin}/w/old")).ShouldBe("GET /old\n\n");
            (await CurlAsync("-I", $"{origin}/w/head", "-w", "%{size_download}")).ShouldEndWith(
                "\r\n\r\n0"
            );
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static Task<string> CurlAsync(params string[] arguments) =>
        ChildProgram.RunAsync(
            new ProcessStartInfo("curl", ["-sS", "--fail", "-m", "15", .. arguments])
        );
}
