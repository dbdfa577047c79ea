using static ApiSvc.Gateway.Tests.Http1.Refusals.BadRequest;

namespace ApiSvc.Gateway.Tests.Http1.Refusals;

/// <summary>Faults of chunks (RFC 9112 section 7.1), and what is too much.</summary>
internal static class BodyFaults
{
    /// <summary>The longest body that the gateway of these tests takes.</summary>
    public const int MaxBody = 60_000;

    public static IEnumerable<BadRequest> All =>
        [
            .. Sizes.Select(line => Chunks($"{line}\r\nhello\r\n0\r\n\r\n")),
            .. Bodies.Select(body => Chunks(body)),
            .. Trailers.Select(lines => Chunks($"5\r\nhello\r\n0\r\n{lines}\r\n\r\n")),
            .. Limits,
        ];

    private static IEnumerable<string> Sizes =>
        [
            "",
            "+5",
            "-5",
            "-0",
            "0x5",
            "0X5",
            "x5",
            "5x",
            "5h",
            "g",
            " 5",
            "\t5",
            "5 ",
            "5\t",
            "5 5",
            "5,5",
            "5.0",
            "\"5\"",
            "5_0",
            "5\0",
            "5\v",
            "\u00b2",
            ";a=b",
            " ;a=b",
            "5;\0",
            "5;a=\u0001",
            "5;a=b\u007f",
            "5;a=\"\u0008\"",
            "5;a\rb",
            "5;a\nb",
            "10000000000000005",
            "FFFFFFFFFFFFFFFF",
            "8000000000000000",
            "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF",
        ];

    private static IEnumerable<string> Bodies =>
        [
            "5\nhello\r\n0\r\n\r\n",
            "5\r\nhello\n0\r\n\r\n",
            "5\r\nhello\r\n0\n\n",
            "5\r\nhello\r\n0\n\r\n",
            "5\r\nhello\r\n0\r\n\n",
            "5\rhello\r\n0\r\n\r\n",
            "5\r\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello\r0\r\n\r\n",
            "5\r\nhello0\r\n\r\n",
            "5\r\nhelloXX0\r\n\r\n",
            "4\r\nhello\r\n0\r\n\r\n",
            "6\r\nhello\r\n0\r\n\r\n",
            "5\r\nhello\r\n\r\n0\r\n\r\n",
            "5\r\nhello\r\nx\r\n\r\n",
            "\r\n5\r\nhello\r\n0\r\n\r\n",
            "\n5\r\nhello\r\n0\r\n\r\n",
            "hello\r\n0\r\n\r\n",
            "5;" + new string('a', 40_000) + "\r\nhello\r\n0\r\n\r\n",
            new string('0', 40_000) + "5\r\nhello\r\n0\r\n\r\n",
        ];

    private static IEnumerable<string> Trailers =>
        [
            "X-A",
            ": b",
            "X-A : b",
            " X-A: b",
            "X-A: b\r\n c",
            "X-A: b\0",
            "X-A: b\u007f",
            "X-A: b\nX-C: d",
            "X-A: b\rX-C: d",
            "X A: b",
            "X\u00e9: b",
            "X-A: b\n",
        ];

    private static IEnumerable<BadRequest> Limits =>
        [
            Line("GET {p}" + new string('a', 9_000) + " HTTP/1.1", 414) with
            {
                Name = "long target",
            },
            Line("GET {p}?" + new string('a', 40_000) + " HTTP/1.1", 414) with
            {
                Name = "longer target",
            },
            Field("X-A: " + new string('b', 40_000), 431) with
            {
                Name = "long field",
            },
            Field(new string('a', 40_000) + ": b", 431) with
            {
                Name = "long name",
            },
            Field(string.Join("\r\n", Enumerable.Repeat("X-A: b", 100)), 431) with
            {
                Name = "many fields",
            },
            Framing($"Content-Length: {MaxBody + 1}", 413),
            Framing("Content-Length: 999999999999999999", 413),
            Chunks($"{MaxBody + 1:x}\r\n{new string('a', MaxBody + 1)}\r\n0\r\n\r\n", 413),
            Chunks(
                string.Concat(
                    Enumerable.Repeat($"1000\r\n{new string('a', 0x1000)}\r\n", (MaxBody >> 12) + 1)
                ) + "0\r\n\r\n",
                413
            ),
        ];
}
