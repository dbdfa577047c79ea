using System.Globalization;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>Makes valid answers of all framings and statuses.</summary>
internal sealed class AnswerGenerator(Random random)
{
    private static readonly int[] Statuses =
    [
        200,
        200,
        200,
        201,
        202,
        203,
        204,
        205,
        206,
        299,
        300,
        301,
        302,
        303,
        304,
        307,
        308,
        400,
        401,
        404,
        405,
        410,
        418,
        422,
        429,
        451,
        500,
        501,
        503,
        599,
    ];

    private static readonly string[] Fields =
    [
        "Content-Type: text/plain",
        "Content-Encoding: gzip",
        "Set-Cookie: a=1; Path=/",
        "Set-Cookie: b=2\r\nSet-Cookie: c=3",
        "ETag: \"a\"",
        "Vary: Accept",
        "Cache-Control: max-age=5, public",
        "Location: /below/it?x=1",
        "Location: https://elsewhere.example/x",
        "WWW-Authenticate: Basic realm=\"a, b\"",
        "Retry-After: 5",
        "Allow: GET, HEAD",
        "Link: </a>; rel=next",
        "Server: someone/1.0",
        "X-Powered-By: it",
        "X-Empty:",
        "X-Spaced:   a  b ",
        "X-Bytes: na\u00efve\u00ff",
        "Connection: x-hop\r\nX-Hop: 1",
        "Keep-Alive: timeout=5",
        "Upgrade: h2c",
        "Access-Control-Allow-Origin: *",
        "RateLimit: \"theirs\";r=1",
        "X-Request-Id: theirs",
        "Via: 1.1 theirs",
        "Alt-Svc: h3=\":443\"",
    ];

    public (string Answer, bool Ends) Next(string id, HashSet<string> traits)
    {
        var status = Statuses[random.Next(Statuses.Length)];
        var answer = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"HTTP/1.1 {status} {(random.Next(3) == 0 ? "" : "Some words")}\r\n"
            )
            .Append("Date: Thu, 01 Jan 2026 00:00:00 GMT\r\n")
            .Append(CultureInfo.InvariantCulture, $"X-Answer: {id}\r\n");
        foreach (var lines in Fields.Where(_ => random.Next(8) == 0))
        {
            answer.Append(lines).Append("\r\n");
        }

        if (status is 204 or 304)
        {
            answer.Append(status == 304 && random.Next(2) == 0 ? "Content-Length: 5\r\n" : "");
            return (answer.Append("\r\n").ToString(), false);
        }

        if (status == 205)
        {
            return (answer.Append("Content-Length: 0\r\n\r\n").ToString(), false);
        }

        return AddBody(answer, traits);
    }

    /// <summary>The same answer as it is to HEAD: its head.</summary>
    public static string ToHead(string answer) =>
        answer[..(answer.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)];

    private (string, bool) AddBody(StringBuilder answer, HashSet<string> traits)
    {
        var body = string.Concat(
            Enumerable
                .Range(0, random.Next(3) * random.Next(3_000))
                .Select(_ => (char)random.Next(256))
        );
        switch (random.Next(4))
        {
            case 0:
                traits.Add(KnownDifferences.AnswerUntilTheEnd);
                return (answer.Append("Connection: close\r\n\r\n").Append(body).ToString(), true);
            case 1:
                answer.Append("Transfer-Encoding: chunked\r\n\r\n");
                Chunked.Write(answer, body, random, traits, KnownDifferences.AnswerTrailers);
                return (answer.ToString(), false);
            default:
                answer.Append(
                    CultureInfo.InvariantCulture,
                    $"Content-Length: {body.Length}\r\n\r\n{body}"
                );
                return (answer.ToString(), false);
        }
    }
}
