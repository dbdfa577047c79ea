using static ApiSvc.Gateway.Tests.Http1.Refusals.BadRequest;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>Faults of the request line (RFC 9112 sections 2.2, 2.3 and 3).</summary>
internal static class LineFaults
{
    public static IEnumerable<BadRequest> All => [.. White, .. Words, .. Targets, .. Versions];

    private static IEnumerable<BadRequest> White =>
        [
            new("LF after the line", "GET {p} HTTP/1.1\nHost: a\r\n\r\n"),
            new("LF everywhere", "GET {p} HTTP/1.1\nHost: a\n\n"),
            new("CR after the line", "GET {p} HTTP/1.1\rHost: a\r\n\r\n"),
            new("CR CR LF after the line", "GET {p} HTTP/1.1\r\r\nHost: a\r\n\r\n"),
            new("two empty lines before it", "\r\n\r\nGET {p} HTTP/1.1\r\nHost: a\r\n\r\n"),
            new("LF before it", "\nGET {p} HTTP/1.1\r\nHost: a\r\n\r\n"),
            new("CR before it", "\rGET {p} HTTP/1.1\r\nHost: a\r\n\r\n"),
            new("NUL before it", "\0GET {p} HTTP/1.1\r\nHost: a\r\n\r\n"),
            Line(" GET {p} HTTP/1.1"),
            Line("\tGET {p} HTTP/1.1"),
            Line("GET  {p} HTTP/1.1"),
            Line("GET {p}  HTTP/1.1"),
            Line("GET\t{p} HTTP/1.1"),
            Line("GET {p}\tHTTP/1.1"),
            Line("GET\v{p} HTTP/1.1"),
            Line("GET {p} HTTP/1.1 "),
            Line("GET {p} HTTP/1.1\t"),
            Line("GET {p} HTTP/1.1\0"),
            Line("GET {p} x HTTP/1.1"),
            Line("GET {p}\rx HTTP/1.1"),
        ];

    private static IEnumerable<BadRequest> Words =>
        [
            Line("GET {p}"),
            Line("GET {p} "),
            Line("{p} HTTP/1.1"),
            Line(" {p} HTTP/1.1"),
            Line("GET HTTP/1.1"),
            Line("GET"),
            Line("G@T {p} HTTP/1.1"),
            Line("G:T {p} HTTP/1.1"),
            Line("(GET) {p} HTTP/1.1"),
            Line("\"GET\" {p} HTTP/1.1"),
            Line("G\0T {p} HTTP/1.1"),
            Line("G\u007fT {p} HTTP/1.1"),
            Line("G\u00c9T {p} HTTP/1.1"),
            new("TLS", "\u0016\u0003\u0001\u0002\0\u0001\0\u0001\r\n\r\n"),
        ];

    private static IEnumerable<BadRequest> Targets =>
        [
            Line("GET {p}#part HTTP/1.1"),
            Line("GET {p}# HTTP/1.1"),
            Line("GET {p}\u00e9 HTTP/1.1"),
            Line("GET {p}\u0001 HTTP/1.1"),
            Line("GET {p}\u007f HTTP/1.1"),
            Line("GET {p}\0 HTTP/1.1"),
            Line("GET {p}?\u00ff HTTP/1.1"),
            Line("GET x{p} HTTP/1.1"),
            Line("GET a:80 HTTP/1.1"),
            Line("GET * HTTP/1.1"),
            Line("POST * HTTP/1.1"),
            Line("OPTIONS ** HTTP/1.1"),
            Line("GET ftp://a{p} HTTP/1.1"),
            Line("GET ws://a{p} HTTP/1.1"),
            Line("GET file://{p} HTTP/1.1"),
            Line("GET http:{p} HTTP/1.1"),
            Line("GET http://{p} HTTP/1.1"),
            Line("GET http://u@a{p} HTTP/1.1"),
            Line("GET http://u:w@a{p} HTTP/1.1"),
            Line("GET http://a:b{p} HTTP/1.1"),
            Line("GET http://a b{p} HTTP/1.1"),
            Line("GET http://a\\b{p} HTTP/1.1"),
            Line("GET http://a{p}#part HTTP/1.1"),
            Line("CONNECT a:443 HTTP/1.1", 501),
        ];

    private static IEnumerable<BadRequest> Versions =>
        [
            Line("GET {p} http/1.1"),
            Line("GET {p} Http/1.1"),
            Line("GET {p} HTTP/1.1x"),
            Line("GET {p} HTTP/1.10"),
            Line("GET {p} HTTP/01.1"),
            Line("GET {p} HTTP/1"),
            Line("GET {p} HTTP/1."),
            Line("GET {p} HTTP/.1"),
            Line("GET {p} HTTP/11"),
            Line("GET {p} HTTP/1,1"),
            Line("GET {p} HTTP/1.\u00b9"),
            Line("GET {p} HTTP 1.1"),
            Line("GET {p} HTTPS/1.1"),
            Line("GET {p} /1.1"),
            Line("GET {p} HTTP/0.9", 505),
            Line("GET {p} HTTP/1.2", 505),
            Line("GET {p} HTTP/2.0", 505),
            Line("GET {p} HTTP/3.0", 505),
            Line("GET {p} HTTP/9.9", 505),
            new("preface", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        ];
}
