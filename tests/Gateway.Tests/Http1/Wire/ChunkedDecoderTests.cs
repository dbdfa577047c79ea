using System.Text;
using ApiSvc.Gateway.Http1.Wire;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>Chunks are the same wherever the network cuts them.</summary>
public sealed class ChunkedDecoderTests
{
    [Theory]
    [InlineData("5;a=b\r\nhello\r\n003\r\nabc\r\n0\r\n\r\n", "helloabc")]
    [InlineData("5\r\nhello\r\n3 ;x\r\nabc\r\n0;y\r\nX-Sum: 1\r\nX-B: 2\r\n\r\n", "helloabc")]
    [InlineData("0\r\n\r\n", "")]
    public void Decode_CutAnywhere_GivesTheBody(string text, string body)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            Decode(text + "GET", cut).ShouldBe((true, false, body, text.Length), $"cut at {cut}");
        }
    }

    [Theory]
    [InlineData("5\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\n0\r\n\r\n")]
    [InlineData("5\r\nhello0\r\n\r\n")]
    [InlineData("5 \r\nhello\r\n0\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nX-A : b\r\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\nX-A: b\n\r\n")]
    [InlineData("5\r\nhello\r\n0\r\n X-A: b\r\n\r\n")]
    [InlineData("1000000000000000\r\n")]
    public void Decode_BadCutAnywhere_IsBad(string text)
    {
        for (var cut = 0; cut <= text.Length; cut++)
        {
            var (isDone, isBad, _, _) = Decode(text, cut);
            (isDone, isBad).ShouldBe((false, true), $"cut at {cut}");
        }
    }

    private static (bool IsDone, bool IsBad, string Body, int Read) Decode(string text, int cut)
    {
        var decoder = default(ChunkedDecoder);
        var trailer = new TrailerBytes();
        var body = new StringBuilder();
        var all = 0;
        foreach (var piece in (string[])[text[..cut], text[cut..]])
        {
            var output = new byte[piece.Length];
            var (read, written) = decoder.Decode(Encoding.Latin1.GetBytes(piece), output, trailer);
            body.Append(Encoding.Latin1.GetString(output, 0, written));
            all += read;
        }

        return (decoder.IsDone, decoder.IsBad, body.ToString(), all);
    }
}
