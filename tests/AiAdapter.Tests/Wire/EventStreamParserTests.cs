using System.Text;
using System.Text.Json.Nodes;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.FakeProviders;

namespace ApiSvc.AiAdapter.Tests.Wire;

public sealed class EventStreamParserTests
{
    [Fact]
    public void Crc32_PublishedCheckValue_IsMet() => Crc32.Of("123456789"u8).ShouldBe(0xCBF43926u);

    [Fact]
    public void Push_SplitAtEveryByte_GivesTheFrames()
    {
        byte[] bytes =
        [
            .. FakeBedrock.Frame("messageStart", new JsonObject { ["role"] = "assistant" }),
            .. FakeBedrock.Frame(
                "throttlingException",
                new() { ["message"] = "slow" },
                "exception"
            ),
        ];
        for (var at = 0; at <= bytes.Length; at++)
        {
            using var sink = new SseParserTests.Recorded();
            using var parser = new EventStreamParser(sink, 10_000);

            parser.Push(bytes.AsSpan(0, at)).ShouldBe(WireFault.None);
            parser.Push(bytes.AsSpan(at)).ShouldBe(WireFault.None);

            parser.Complete().ShouldBe(WireFault.None);
            parser.Boundary.ShouldBe(bytes.Length);
            sink.Text.ShouldBe(
                """messageStart|{"role":"assistant"};!throttlingException|{"message":"slow"}"""
            );
        }
    }

    [Fact]
    public void Push_AnyBitChanged_IsCorruptOrTooLarge()
    {
        var frame = FakeBedrock.Frame(
            "messageStop",
            new JsonObject { ["stopReason"] = "end_turn" }
        );
        for (var i = 0; i < frame.Length * 8; i++)
        {
            var damaged = (byte[])frame.Clone();
            damaged[i / 8] ^= (byte)(1 << (i % 8));
            using var sink = new SseParserTests.Recorded();
            using var parser = new EventStreamParser(sink, 10_000);

            parser.Push(damaged).ShouldBeOneOf(WireFault.Corrupt, WireFault.TooLarge);
            sink.Text.ShouldBeEmpty();
        }
    }

    [Fact]
    public void Complete_WithinAFrame_IsTruncated()
    {
        var frame = FakeBedrock.Frame("messageStop", []);
        using var sink = new SseParserTests.Recorded();
        using var parser = new EventStreamParser(sink, 10_000);

        parser.Push(frame.AsSpan(0, frame.Length - 1)).ShouldBe(WireFault.None);

        parser.Complete().ShouldBe(WireFault.Truncated);
    }

    [Fact]
    public void Push_LinesOfJson_AreGivenOneByOne()
    {
        var bytes = Encoding.UTF8.GetBytes("{\"a\":1}\n\r\n{\"b\":\"é\"}\r\n{\"c\":3}");
        for (var at = 0; at <= bytes.Length; at++)
        {
            using var sink = new SseParserTests.Recorded();
            using var parser = new NdjsonParser(sink, 100);

            parser.Push(bytes.AsSpan(0, at));
            parser.Push(bytes.AsSpan(at));
            parser.Complete();

            sink.Text.ShouldBe("""|{"a":1};|{"b":"é"};|{"c":3}""");
        }
    }
}
