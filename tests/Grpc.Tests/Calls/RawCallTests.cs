using System.IO.Compression;
using System.Net;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace ApiSvc.GrpcTests.Calls;

/// <summary>What other clients may send: broken frames, wrong headers, encodings.</summary>
public sealed class RawCallTests
{
    public static TheoryData<string, byte[], StatusCode> Broken { get; } =
        new()
        {
            { "nothing at all", [], StatusCode.Internal },
            { "half a header", [0, 0, 0], StatusCode.Internal },
            { "less than announced", [0, 0, 0, 0, 9, 1], StatusCode.Internal },
            { "flag 2", [2, 0, 0, 0, 0], StatusCode.Internal },
            { "flag 255", [255, 0, 0, 0, 0], StatusCode.Internal },
            { "4 GB announced", [0, 255, 255, 255, 255], StatusCode.ResourceExhausted },
            { "2 GB announced", [0, 128, 0, 0, 0], StatusCode.ResourceExhausted },
            { "compressed, without encoding", [1, 0, 0, 0, 0], StatusCode.Internal },
            { "two messages", [0, 0, 0, 0, 0, 0, 0, 0, 0, 0], StatusCode.Internal },
            { "no protobuf", [0, 0, 0, 0, 2, 10, 200], StatusCode.Unknown },
        };

    [Theory]
    [MemberData(nameof(Broken))]
    public async Task Frame_Broken_IsAnsweredWithAStatus(
        string what,
        byte[] body,
        StatusCode expected
    )
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();

        using var response = await http.SendAsync(RawCall.Request(host.Address, body));

        response.StatusCode.ShouldBe(HttpStatusCode.OK, what);
        RawCall.Status(response).ShouldBe(expected, what);
        host.Journal.Entries.ShouldNotContain("unary");
    }

    [Fact]
    public async Task Frame_TooLargeAnnounced_IsRefusedBeforeItsBytesCome()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, []);
        // The body announces 5 MB, and then never comes.
        request.Content = new EndlessContent([0, 0, 80, 0, 0]);
        request.Content.Headers.ContentType = new("application/grpc");

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead)
            .WaitAsync(TimeSpan.FromSeconds(20));

        RawCall.Status(response).ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Status_WithoutMessages_IsHeadersAlone()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();

        using var response = await http.SendAsync(
            RawCall.Request(host.Address, new ProbeRequest { Text = "fail", Count = 5 })
        );

        response.Headers.GetValues("grpc-status").ShouldBe(["5"]);
        response
            .Headers.GetValues("grpc-message")
            .ShouldBe(["d%C3%A9tail %E2%80%93 %E2%98%83 100%25"]);
        response.Headers.GetValues("blob-bin").ShouldBe(["AAH+/w"]);
        response.TrailingHeaders.ShouldBeEmpty();
        (await response.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/grpc-web")]
    [InlineData("application/grpcx")]
    [InlineData(null)]
    public async Task ContentType_NotGrpc_Is415(string? contentType)
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();

        using var response = await http.SendAsync(
            RawCall.Request(
                host.Address,
                RawCall.Frame(new ProbeRequest()),
                contentType: contentType
            )
        );

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("application/grpc+proto")]
    [InlineData("application/grpc;charset=utf-8")]
    [InlineData("APPLICATION/GRPC")]
    public async Task ContentType_OfGrpc_IsServed(string contentType)
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();

        using var response = await http.SendAsync(
            RawCall.Request(
                host.Address,
                RawCall.Frame(new ProbeRequest()),
                contentType: contentType
            )
        );

        RawCall.Status(response).ShouldBe(StatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/grpc");
    }

    [Fact]
    public async Task Http1_IsRefused()
    {
        await using var host = await ProbeHost.StartAsync(protocols: HttpProtocols.Http1);
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, new ProbeRequest());
        request.Version = HttpVersion.Version11;

        using var response = await http.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.UpgradeRequired);
        response.Headers.Upgrade.ToString().ShouldBe("HTTP/2");
    }

    [Theory]
    [InlineData("AAH+/w==", "AAH+/w")]
    [InlineData("AAH+/w", "AAH+/w")]
    [InlineData("AQ==,Ag,AwM=", "AQ,Ag,AwM")]
    public async Task BinaryHeader_PaddedOrNotOrJoined_IsRead(string sent, string received)
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, new ProbeRequest { Text = "metadata" });
        request.Headers.TryAddWithoutValidation("probe-x-bin", sent);

        using var response = await http.SendAsync(request);
        await response.Content.ReadAsByteArrayAsync();

        RawCall.Header(response, "trailing-probe-x-bin").ShouldBe(received);
    }

    [Fact]
    public async Task BinaryHeader_NotBase64_IsAnError()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, new ProbeRequest { Text = "metadata" });
        request.Headers.TryAddWithoutValidation("probe-x-bin", "*");

        using var response = await http.SendAsync(request);

        RawCall.Status(response).ShouldBe(StatusCode.Internal);
    }

    [Fact]
    public async Task Encoding_Unknown_IsUnimplementedWithTheListOfKnown()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(
            host.Address,
            RawCall.Frame(new ProbeRequest(), flag: 1)
        );
        request.Headers.TryAddWithoutValidation("grpc-encoding", "snappy");

        using var response = await http.SendAsync(request);

        RawCall.Status(response).ShouldBe(StatusCode.Unimplemented);
        RawCall.Header(response, "grpc-accept-encoding").ShouldBe("identity,gzip");
    }

    [Fact]
    public async Task Encoding_GzipThatInflates_StaysWithinTheLimit()
    {
        await using var host = await ProbeHost.StartAsync(grpc =>
            grpc.MaxReceiveMessageSize = 10_000
        );
        using var http = new HttpClient();
        var bomb = new ProbeRequest
        {
            Payload = ByteString.CopyFrom(new byte[1_000_000]),
        }.ToByteArray();
        using var packed = new MemoryStream();
        packed.Write([1, 0, 0, 0, 0]);
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(bomb);
        }

        var body = packed.ToArray();
        System.Buffers.Binary.BinaryPrimitives.WriteInt32BigEndian(body.AsSpan(1), body.Length - 5);
        using var request = RawCall.Request(host.Address, body);
        request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");

        using var response = await http.SendAsync(request);

        RawCall.Status(response).ShouldBe(StatusCode.ResourceExhausted);
    }

    [Fact]
    public async Task Encoding_GzipThatIsNone_IsAnError()
    {
        await using var host = await ProbeHost.StartAsync();
        using var http = new HttpClient();
        using var request = RawCall.Request(host.Address, [1, 0, 0, 0, 2, 7, 7]);
        request.Headers.TryAddWithoutValidation("grpc-encoding", "gzip");

        using var response = await http.SendAsync(request);

        RawCall.Status(response).ShouldBe(StatusCode.Internal);
    }

    private sealed class EndlessContent(byte[] start) : HttpContent
    {
        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
            SerializeToStreamAsync(stream, context, CancellationToken.None);

        protected override async Task SerializeToStreamAsync(
            Stream stream,
            TransportContext? context,
            CancellationToken cancellationToken
        )
        {
            await stream.WriteAsync(start, cancellationToken);
            await stream.FlushAsync(cancellationToken);
            await Task.Delay(Timeout.Infinite, cancellationToken);
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
