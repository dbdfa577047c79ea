using System.Buffers;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace ApiSvc.GrpcTests.Wire;

public sealed class MessageEncoderTests
{
    private static readonly byte[] Message = [1, 2, 3];

    [Fact]
    public void Encode_ByArray_ByBufferAndByAnnouncedLength_AreTheSame()
    {
        Encode((message, context) => context.Complete(message)).ShouldBe([0, 0, 0, 0, 3, 1, 2, 3]);
        Encode(
                (message, context) =>
                {
                    context.GetBufferWriter().Write(message);
                    context.Complete();
                }
            )
            .ShouldBe([0, 0, 0, 0, 3, 1, 2, 3]);
        Encode(Announced(3)).ShouldBe([0, 0, 0, 0, 3, 1, 2, 3]);
    }

    [Fact]
    public void Encode_Nothing_IsAHeader() =>
        Encode(
                (_, context) =>
                {
                    context.SetPayloadLength(0);
                    context.Complete();
                }
            )
            .ShouldBe([0, 0, 0, 0, 0]);

    [Fact]
    public void Encode_NotCompleted_Throws() =>
        Should.Throw<InvalidOperationException>(() => Encode((_, _) => { }));

    [Fact]
    public void Encode_OtherLengthThanAnnounced_ThrowsAndIsPartial()
    {
        var encoder = new MessageEncoder(maxSize: null, compression: null, level: null);

        Should.Throw<InvalidOperationException>(() =>
            encoder.Encode(Message, Announced(4), new ArrayBufferWriter<byte>(), mayCompress: true)
        );

        encoder.IsPartial.ShouldBeTrue();
    }

    [Fact]
    public void Encode_OverTheLimit_WritesNothing()
    {
        var output = new ArrayBufferWriter<byte>();
        var encoder = new MessageEncoder(maxSize: 2, compression: null, level: null);

        Should
            .Throw<RpcException>(() =>
                encoder.Encode(Message, Announced(3), output, mayCompress: true)
            )
            .StatusCode.ShouldBe(StatusCode.ResourceExhausted);

        output.WrittenCount.ShouldBe(0);
        encoder.IsPartial.ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Encode_Gzip_IsReadBack(bool mayCompress)
    {
        var gzip = new GzipCompressionProvider(CompressionLevel.Fastest);
        var output = new ArrayBufferWriter<byte>();
        new MessageEncoder(maxSize: null, gzip, level: null).Encode(
            Message,
            Announced(3),
            output,
            mayCompress
        );

        MessageFrame
            .TryRead(
                new ReadOnlySequence<byte>(output.WrittenMemory),
                maxSize: null,
                out var compressed,
                out var payload
            )
            .ShouldBe(FrameState.Message);

        compressed.ShouldBe(mayCompress);
        new MessageDecoder(new Encodings([gzip]), "gzip", maxSize: 3)
            .Decode(payload, compressed, context => context.PayloadAsNewBuffer())
            .ShouldBe(Message);
    }

    private static Action<byte[], SerializationContext> Announced(int length) =>
        (message, context) =>
        {
            context.SetPayloadLength(length);
            context.GetBufferWriter().Write(message);
            context.Complete();
        };

    private static byte[] Encode(Action<byte[], SerializationContext> serialize)
    {
        var output = new ArrayBufferWriter<byte>();
        new MessageEncoder(maxSize: null, compression: null, level: null).Encode(
            Message,
            serialize,
            output,
            mayCompress: true
        );
        return output.WrittenSpan.ToArray();
    }
}
