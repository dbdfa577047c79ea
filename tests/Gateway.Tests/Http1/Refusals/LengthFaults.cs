using static ApiSvc.Gateway.Tests.Http1.Refusals.BadRequest;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>Faults of lengths and transfer codings (RFC 9112 section 6, RFC 9110 section 8.6).</summary>
internal static class LengthFaults
{
    public static IEnumerable<BadRequest> All =>
        [
            .. Lengths.Select(value => Framing($"Content-Length: {value}")),
            .. Twice.Select(lines => Framing(lines)),
            .. Codings.Select(value => Coding($"Transfer-Encoding: {value}")),
            .. Lines.Select(lines => Coding(lines)),
            .. Unknown.Select(value => Coding($"Transfer-Encoding: {value}", 501)),
            Coding("Transfer-Encoding: chunked", version: "HTTP/1.0"),
            Coding("Transfer-Encoding: chunked\r\nContent-Length: 5", version: "HTTP/1.0"),
        ];

    private static IEnumerable<string> Lengths =>
        [
            "",
            "+5",
            "-0",
            "-5",
            "0x5",
            "5,5",
            "5, 5",
            "5,6",
            "5 5",
            "5.0",
            "5e0",
            "5a",
            "a",
            "5;",
            "5;a=b",
            "\"5\"",
            "1_0",
            "5\v",
            "\f5",
            "5\u00a0",
            "5\0",
            "\u00b2",
            "\u0665",
            "5\r\n 0",
            "\r\n 5",
            "18446744073709551621",
            "9223372036854775807",
            "9223372036854775808",
            "99999999999999999999999999999999",
        ];

    private static IEnumerable<string> Twice =>
        [
            "Content-Length: 5\r\nContent-Length: 5",
            "Content-Length: 5\r\nContent-Length: 6",
            "Content-Length: 0\r\ncontent-length: 5",
            "Content-Length: 5\r\nX-A: b\r\nCONTENT-LENGTH: 5",
            "Content-Length: 5\r\nContent_Length: 0",
            "Content_Length: 5",
            "content_length: 5",
            "Content-Length : 5",
            "Content-Length\t: 5",
            " Content-Length: 5",
            "Content Length: 5",
            "X-A: b\nContent-Length: 5",
            "X-A: b\rContent-Length: 5",
        ];

    private static IEnumerable<string> Codings =>
        [
            "",
            "chunked, chunked",
            "chunked,chunked",
            "chunked,",
            ",chunked",
            "chunked, identity",
            "chunked, gzip",
            "chunked;q=1",
            "chunked ;",
            "chunked x",
            "xchunked",
            "chunkedx",
            "chunke",
            "chun ked",
            "x chunked",
            "\"chunked\"",
            "'chunked'",
            "chunked\v",
            "\vchunked",
            "chunked\f",
            "chunked\0",
            "\0chunked",
            "chunked\u00a0",
            "\u00a0chunked",
            "chunked\r\n , identity",
            "\r\n chunked",
            "\n chunked",
            "identity",
            "gzip",
        ];

    private static IEnumerable<string> Lines =>
        [
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
            "Transfer-Encoding: identity\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked",
            "Transfer-Encoding: chunked\r\nContent-Length: 5",
            "Content-Length: 5\r\nTransfer-Encoding: chunked",
            "Content-Length: 0\r\nTransfer-Encoding: chunked",
            "Content-Length: 15\r\nTransfer-Encoding: xchunked",
            "Content-Length: 15\r\nTransfer_Encoding: chunked",
            "Transfer-Encoding : chunked",
            "Transfer-Encoding\t: chunked",
            " Transfer-Encoding: chunked",
            "Transfer_Encoding: chunked",
            "transfer_encoding: chunked",
            "Transfer Encoding: chunked",
            "X-A: b\nTransfer-Encoding: chunked",
            "X-A: b\rTransfer-Encoding: chunked",
            "X-A: b\r\n Transfer-Encoding: chunked",
            "X-A:\r\n\tb\r\nTransfer-Encoding: chunked",
        ];

    private static IEnumerable<string> Unknown =>
        ["gzip, chunked", "gzip , deflate,chunked", "compress, chunked", "GZIP,\tCHUNKED"];
}
