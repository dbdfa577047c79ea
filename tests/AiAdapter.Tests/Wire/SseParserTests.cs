using System.Text;
using ApiSvc.AiAdapter.Wire;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.AiAdapter.Tests.Wire;

public sealed class SseParserTests
{
    [Theory]
    [InlineData("data: a\n\ndata: b\n\n", "|a;|b")]
    [InlineData("data:a\r\n\r\ndata:b\r\n\r\n", "|a;|b")]
    [InlineData("data: a\r\rdata: b\r\r", "|a;|b")]
    [InlineData("\uFEFFdata: a\n\n", "|a")]
    [InlineData(": comment\n\n: more\ndata: a\n\n", "|a")]
    [InlineData("event: x\ndata: a\nid: 7\nretry: 10\n\n", "x|a")]
    [InlineData("data: a\ndata: b\n\n", "|a\nb")]
    [InlineData("data:  two spaces\n\n", "| two spaces")]
    [InlineData("event: alone\n\ndata: a\n\n", "|a")]
    [InlineData("data\n\n", "|")]
    [InlineData("data: no empty line\n", "|no empty line")]
    [InlineData("data: no line end", "|no line end")]
    [InlineData("", "")]
    public void Push_AsTheStandardSays_GivesEvents(string text, string expected)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        for (var at = 0; at <= bytes.Length; at++)
        {
            Parse(bytes[..at], bytes[at..]).Events.ShouldBe(expected, $"split at {at}");
        }
    }

    [Fact]
    public void Boundary_AnyBytes_IsTheEndOfAWholeEvent() =>
        Prop.ForAll(
                Gen.Elements("data: a\n", "\n", "event: e\n", ": c\n", "\r\n", "data: é\r\n")
                    .NonEmptyListOf()
                    .ToArbitrary(),
                parts =>
                {
                    var bytes = Encoding.UTF8.GetBytes(string.Concat(parts));
                    using var sink = new Recorded();
                    using var parser = new SseParser(sink, 1000);
                    parser.Push(bytes);
                    var boundary = (int)parser.Boundary;

                    // What is before it, alone, gives the same events: nothing of them is behind it.
                    var again = Parse(bytes[..boundary]);
                    return again.Events == sink.Text && again.Boundary == boundary;
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Push_EventLargerThanAllowed_IsAFault()
    {
        using var sink = new Recorded();
        using var parser = new SseParser(sink, 100);

        parser
            .Push(Encoding.UTF8.GetBytes("data: " + new string('a', 90)))
            .ShouldBe(WireFault.None);
        parser.Push("0123456789"u8).ShouldBe(WireFault.TooLarge);
        parser.Push("\n\n"u8).ShouldBe(WireFault.TooLarge);
        sink.Text.ShouldBeEmpty();
    }

    [Fact]
    public void Push_ManyLinesThatTogetherAreTooLarge_IsAFault()
    {
        using var sink = new Recorded();
        using var parser = new SseParser(sink, 100);

        Enumerable
            .Range(0, 30)
            .Select(_ => parser.Push("data: 0123456789\n"u8))
            .ShouldContain(WireFault.TooLarge);
    }

    private static (string Events, long Boundary) Parse(params byte[][] chunks)
    {
        using var sink = new Recorded();
        using var parser = new SseParser(sink, 1000);
        foreach (var chunk in chunks)
        {
            parser.Push(chunk).ShouldBe(WireFault.None);
        }

        var boundary = parser.Boundary;
        parser.Complete().ShouldBe(WireFault.None);
        return (sink.Text, boundary);
    }

    internal sealed class Recorded : IFrameSink, IDisposable
    {
        private readonly List<string> _events = [];

        public string Text => string.Join(';', _events);

        public void Frame(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data) =>
            _events.Add($"{Encoding.UTF8.GetString(name)}|{Encoding.UTF8.GetString(data)}");

        public void Dispose() => _events.Clear();
    }
}
