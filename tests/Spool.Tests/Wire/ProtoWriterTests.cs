using System.Text;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Spool.Wire;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;

namespace ApiSvc.Spool.Tests.Wire;

public sealed class ProtoWriterTests
{
    [Fact]
    public void Write_AnyFields_AreTheBytesOfTheStandardWriter() =>
        Prop.ForAll<Guid, ulong, string>(
                (id, number, any) =>
                {
                    var text = string.Concat((any ?? "").EnumerateRunes());
                    var room = new byte[8_192];
                    var writer = new ProtoWriter(room);
                    writer.Id(1, id);
                    writer.Number(2, number);
                    writer.Text(14, text, 4_096);
                    writer.Text(16, Encoding.UTF8.GetBytes(text), 4_096);
                    writer.Number(19, number >> 40);
                    writer.Bytes(38, id.ToByteArray());
                    var expected = new CallRecord
                    {
                        CallId =
                            id == Guid.Empty
                                ? ByteString.Empty
                                : ByteString.CopyFrom(id.ToByteArray(bigEndian: true)),
                        StartUs = number,
                        Path = text,
                        Node = text,
                        ConfigGeneration = number >> 40,
                        TraceId = ByteString.CopyFrom(id.ToByteArray()),
                    };
                    return room.AsSpan(0, writer.Length).SequenceEqual(expected.ToByteArray());
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Text_AnyBytes_IsReadAndNotLongerThanAllowed() =>
        Prop.ForAll<byte[], byte>(
                (bytes, max) =>
                {
                    var room = new byte[2_048];
                    var writer = new ProtoWriter(room);
                    writer.Text(14, bytes.AsSpan(), max + 4);
                    var path = CallRecord.Parser.ParseFrom(room, 0, writer.Length).Path;
                    var length = Encoding.UTF8.GetByteCount(path);
                    return length <= max + 4 && (bytes.Length == 0 || length > 0);
                }
            )
            .QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("caf\u00e9 au lait", 4, "caf")]
    [InlineData("caf\u00e9 au lait", 5, "caf\u00e9")]
    [InlineData("\U0001F600x", 6, "\U0001F600x")]
    [InlineData("x\U0001F600", 4, "x")]
    public void Text_TooLong_IsCutBetweenCharacters(string text, int max, string expected)
    {
        Read((ref ProtoWriter w) => w.Text(14, text, max)).ShouldBe(expected);
        Read((ref ProtoWriter w) => w.Text(14, Encoding.UTF8.GetBytes(text), max))
            .ShouldBe(expected);
    }

    [Fact]
    public void Text_NoUtf8_IsReadAsLatin1()
    {
        Read((ref ProtoWriter w) => w.Text(14, "caf\u00e9"u8[..^1], 100)).ShouldBe("caf\u00c3");
        Read((ref ProtoWriter w) => w.Text(14, [0xE9, (byte)'t', 0xE9], 100))
            .ShouldBe("\u00e9t\u00e9");
    }

    private static string Read(Write write)
    {
        var room = new byte[1_024];
        var writer = new ProtoWriter(room);
        write(ref writer);
        return CallRecord.Parser.ParseFrom(room, 0, writer.Length).Path;
    }

    private delegate void Write(ref ProtoWriter writer);
}
