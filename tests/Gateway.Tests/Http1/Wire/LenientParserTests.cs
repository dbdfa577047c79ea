using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Wire;

/// <summary>That the upstream of these tests would fall for what it is to show.</summary>
public sealed class LenientParserTests
{
    private const string Hidden = "GET /hidden HTTP/1.1\r\nHost: a\r\n\r\n";

    [Theory]
    // A hidden request behind a body that is shorter than its sender says.
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nTransfer_Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nTransfer-Encoding : xchunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nTransfer-Encoding:\v\"chunked\"\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nX-A: b\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData(
        "POST / HTTP/1.1\r\nContent-Length: 40\r\nX-A: b\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    )]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 40\r\nContent-Length: 0\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 0\r\nContent-Length: 40\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 0, 40\r\n\r\n")]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: +5\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\nContent_Length: 5\n\nhello")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0x5\nhello0\n\n")]
    [InlineData(
        "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n+5;\u0001\r\nhello\r\n-0\r\nX-A : b\r\n\r\n"
    )]
    [InlineData("\0\r\n GET  /  HTTP/1.1\r\nX-A\r\n\r\n")]
    public void ReadAll_AmbiguousRequest_SeesWhatIsHidden(string request) =>
        Leniency
            .All.SelectMany(how =>
                LenientParser.ReadAll(Encoding.Latin1.GetBytes(request + Hidden), how)
            )
            .ShouldContain(r => r.Target == "/hidden" && r.IsComplete);

    [Theory]
    [InlineData("POST / HTTP/1.1\r\nContent-Length: 40\r\n\r\nhello")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n")]
    [InlineData("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: b\r\n")]
    public void ReadAll_IncompleteRequest_IsNeverComplete(string request) =>
        Leniency
            .All.SelectMany(how => LenientParser.ReadAll(Encoding.Latin1.GetBytes(request), how))
            .ShouldAllBe(r => !r.IsComplete);
}
