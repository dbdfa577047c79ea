using static ApiSvc.Gateway.Tests.Http1.Refusals.BadRequest;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>Faults of fields and of hosts (RFC 9112 section 5, RFC 9110 sections 5.5, 5.6.2 and 7.2).</summary>
internal static class FieldFaults
{
    public static IEnumerable<BadRequest> All =>
        [
            .. Names.Select(name => Field($"{name}: b")),
            .. Values.Select(value => Field($"X-A: {value}")),
            .. Lines,
            .. Hosts.Select(Host),
            .. Expectations,
        ];

    private static IEnumerable<string> Names =>
        [
            "",
            " ",
            "X-A ",
            "X-A\t",
            "X-A\v",
            "X-A\u00a0",
            "X A",
            "X(A)",
            "X/A",
            "X@A",
            "X[A]",
            "X{A}",
            "X=A",
            "X?A",
            "X<A>",
            "X\\A",
            "X;A",
            "X,A",
            "X\"A\"",
            "X\0",
            "X\u0001",
            "X\u007f",
            "X\u00e9",
            "X-A\r",
            "X-A\n",
        ];

    private static IEnumerable<string> Values =>
        [
            "b\0c",
            "b\u0001c",
            "b\u0008c",
            "b\vc",
            "b\fc",
            "b\u001bc",
            "b\u001fc",
            "b\u007fc",
            "\0",
            "b\rc",
            "b\r",
            "\rb",
            "b\nX-C: d",
            "b\rX-C: d",
            "b\n\r\n",
            "b\n",
            // Folded.
            "b\r\n c",
            "b\r\n\tc",
            "\r\n b",
            "b\r\n ",
        ];

    private static IEnumerable<BadRequest> Lines =>
        [
            Field("X-A"),
            Field("X-A b"),
            Field("b"),
            Field("X-A: b\r\n: c"),
            new("space before the first field", "GET {p} HTTP/1.1\r\n X-A: b\r\nHost: a\r\n\r\n"),
            new("tab before the first field", "GET {p} HTTP/1.1\r\n\tX-A: b\r\nHost: a\r\n\r\n"),
            new("space before the host", "GET {p} HTTP/1.1\r\n Host: a\r\n\r\n"),
            new("line of a space", "GET {p} HTTP/1.1\r\n \r\nHost: a\r\n\r\n"),
            new("LF at the end of the head", "GET {p} HTTP/1.1\r\nHost: a\r\n\n"),
            new("LF CR LF at its end", "GET {p} HTTP/1.1\r\nHost: a\n\r\n"),
            new("CR CR LF at its end", "GET {p} HTTP/1.1\r\nHost: a\r\n\r\r\n\r\n"),
        ];

    private static IEnumerable<string> Hosts =>
        [
            "",
            "Host:\r\n",
            "Host: \r\n",
            "Host: a\r\nHost: a\r\n",
            "Host: a\r\nhost: b\r\n",
            "Host: a\r\nHost:\r\n",
            "Host : a\r\n",
            "Host: a b\r\n",
            "Host: a/b\r\n",
            "Host: u@a\r\n",
            "Host: a?b\r\n",
            "Host: a#b\r\n",
            "Host: a\\b\r\n",
            "Host: a:b\r\n",
            "Host: a:-1\r\n",
            "Host: a:80:80\r\n",
            "Host: :80\r\n",
            "Host: ::1\r\n",
            "Host: [::1\r\n",
            "Host: [::1]a\r\n",
            "Host: [a]\r\n",
            "Host: <a>\r\n",
            "Host: \"a\"\r\n",
            "Host: a{b}\r\n",
            "Host: \u00e9\r\n",
            "Host: a\u0001\r\n",
            "Host: a%zz\r\n",
            "Host: http://a\r\n",
            "Host: a\r\n b\r\n",
        ];

    private static IEnumerable<BadRequest> Expectations =>
        [
            Field("Expect: 200-ok", 417),
            Field("Expect: 100-continues", 417),
            Field("Expect: x=y", 417),
            new("absolute form without a host", "GET http://a{p} HTTP/1.1\r\nX-A: b\r\n\r\n"),
            new(
                "absolute form with two hosts",
                "GET http://a{p} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"
            ),
            new("two hosts in 1.0", "GET {p} HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n"),
        ];
}
