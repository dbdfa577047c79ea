using System.IO.Compression;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Wire;

namespace ApiSvc.GrpcTests.Calls;

public sealed class CompressionTests
{
    private static readonly ProbeRequest Dull = new()
    {
        Text = "encoding",
        Payload = ByteString.CopyFrom(new byte[100_000]),
    };

    [Fact]
    public async Task Gzip_BothWays_MessagesAreWhole()
    {
        await using var host = await ProbeHost.StartAsync(grpc =>
        {
            grpc.ResponseCompressionAlgorithm = "gzip";
            grpc.ResponseCompressionLevel = CompressionLevel.Optimal;
        });

        var reply = await host.Client()
            .UnaryAsync(Dull, new Metadata { { "grpc-internal-encoding-request", "gzip" } });

        reply.Text.ShouldBe("gzip");
        reply.Payload.ShouldBe(Dull.Payload);
    }

    [Fact]
    public async Task Gzip_Stream_MessagesAreWhole()
    {
        await using var host = await ProbeHost.StartAsync(grpc =>
            grpc.ResponseCompressionAlgorithm = "gzip"
        );
        using var call = host.Client()
            .Expand(new ProbeRequest { Count = 5, Payload = Dull.Payload });

        var seen = 0;
        await foreach (var reply in call.ResponseStream.ReadAllAsync())
        {
            reply.Payload.ShouldBe(Dull.Payload);
            seen++;
        }

        seen.ShouldBe(5);
    }

    [Theory]
    [InlineData("identity,gzip", 1)]
    [InlineData("gzip", 1)]
    [InlineData("identity", 0)]
    [InlineData("br, xgzip", 0)]
    [InlineData(null, 0)]
    public async Task Response_AcceptEncoding_Decides(string? accepted, byte flag)
    {
        await using var host = await ProbeHost.StartAsync(grpc =>
            grpc.ResponseCompressionAlgorithm = "gzip"
        );
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, Dull);
        request.Headers.TryAddWithoutValidation("grpc-accept-encoding", accepted);

        using var response = await http.SendAsync(request);
        var body = await response.Content.ReadAsByteArrayAsync();

        body[0].ShouldBe(flag);
        (body.Length < 10_000).ShouldBe(flag == 1);
        RawCall.Header(response, "grpc-encoding").ShouldBe(flag == 1 ? "gzip" : null);
    }

    [Fact]
    public async Task Request_UnknownEncoding_Throws()
    {
        await using var host = await ProbeHost.StartAsync();

        Should.Throw<InvalidOperationException>(() =>
            host.Client()
                .UnaryAsync(Dull, new Metadata { { "grpc-internal-encoding-request", "snappy" } })
        );
    }

    [Fact]
    public async Task Server_UnknownAlgorithm_StopsTheStart() =>
        (
            await Should.ThrowAsync<InvalidOperationException>(() =>
                ProbeHost.StartAsync(grpc => grpc.ResponseCompressionAlgorithm = "snappy")
            )
        ).Message.ShouldContain("snappy");

    [Theory]
    [InlineData("gzip", true)]
    [InlineData("identity, gzip", true)]
    [InlineData("identity,gzipped", false)]
    [InlineData("", false)]
    public void Names_Lists_AreReadByTheirParts(string accepted, bool expected) =>
        Encodings.Names(accepted, "gzip").ShouldBe(expected);
}
