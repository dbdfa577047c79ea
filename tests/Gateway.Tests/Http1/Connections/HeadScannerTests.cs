using System.Text;
using ApiSvc.Gateway.Http1;
using ApiSvc.Gateway.Http1.Connections;

namespace ApiSvc.Gateway.Tests.Http1.Connections;

/// <summary>A head is the same wherever the network cuts it.</summary>
public sealed class HeadScannerTests
{
    private const string Head = "POST /a HTTP/1.1\r\nHost: a\r\nX-A:\r\n\r\n";

    [Theory]
    [InlineData("")]
    [InlineData("\r\n")]
    public void Scan_HeadInThreePieces_IsWholeWhereverItIsCut(string before)
    {
        var text = before + Head;
        for (var first = 1; first < text.Length - 1; first++)
        {
            for (var second = first + 1; second < text.Length; second++)
            {
                var (found, head) = Scan(text[..first], text[first..second], text[second..]);
                (found, head).ShouldBe((HeadEvent.Whole, Head), $"cut at {first} and {second}");
            }
        }
    }

    [Fact]
    public void Scan_HeadInSingleBytes_IsWhole() =>
        Scan([.. ("\r\n" + Head).Select(c => c.ToString())]).ShouldBe((HeadEvent.Whole, Head));

    [Theory]
    [InlineData("GET /a HTTP/1.1\nHost: a\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\nHost: a\rX\r\n\r\n")]
    [InlineData("GET /a HTTP/1.1\r\n\nHost: a\r\n\r\n")]
    public void Scan_BareEndOfALine_IsNeverTakenWhereverItIsCut(string text)
    {
        for (var cut = 1; cut < text.Length; cut++)
        {
            var (found, head) = Scan(text[..cut], text[cut..]);
            var isRefused =
                found == HeadEvent.Broken
                || new ApiSvc.Gateway.Http1.Wire.RequestHead().Read(
                    Encoding.Latin1.GetBytes(head),
                    new()
                ) != ApiSvc.Gateway.Http1.Wire.HeadFault.None;
            isRefused.ShouldBeTrue($"cut at {cut}");
        }
    }

    private static (HeadEvent, string) Scan(params string[] pieces)
    {
        var reader = new WireReader(new Pieces(pieces), waitsWithoutMemory: false);
        var scanner = new HeadScanner(new Http1Options());
        scanner.Begin();
        var found = HeadEvent.None;
        while (found == HeadEvent.None && !reader.IsEnded)
        {
            reader.TryAdvance().ShouldBeTrue();
            if (reader.Length > 0)
            {
                found = scanner.Scan(reader);
            }
        }

        return (found, Encoding.Latin1.GetString(reader.Span[..scanner.Length]));
    }

    /// <summary>What comes, a piece a read.</summary>
    private sealed class Pieces(string[] pieces) : MemoryStream
    {
        private int _next;

        public override ValueTask<int> ReadAsync(
            Memory<byte> buffer,
            CancellationToken cancellationToken = default
        ) =>
            new(
                _next == pieces.Length ? 0 : Encoding.Latin1.GetBytes(pieces[_next++], buffer.Span)
            );
    }
}
