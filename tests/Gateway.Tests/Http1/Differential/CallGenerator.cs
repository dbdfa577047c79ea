using System.Globalization;
using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Differential;

/// <summary>
/// Makes valid calls of all kinds, the same from the same seed. Two kinds that are valid it leaves out, since the server of
/// lane 2 refuses them with 400 and the engine rightly does not: a method that may have a body and has none in HTTP/1.0
/// (RFC 9112 section 6.3, rule 7), and an absolute target whose host is not in lower case (RFC 9110 section 4.2.3).
/// </summary>
internal sealed class CallGenerator(int seed, string root, string key)
{
    private const string MixedCase = "A.Example";

    private static readonly string[] Methods =
    [
        "GET",
        "GET",
        "GET",
        "HEAD",
        "POST",
        "POST",
        "PUT",
        "PATCH",
        "DELETE",
        "OPTIONS",
        "PROPFIND",
    ];

    private static readonly string[] Segments =
    [
        "a",
        "items",
        "7",
        "~x",
        "%7Ex",
        "a%20b",
        "%e2%82%ac",
        "x;p=1",
        "(c)",
        "a,b",
        "a:b@c",
        "..",
        ".",
        "",
        "%2e%2e",
        "%2f",
        "\"q\"",
        "{b}",
        "%zz",
        "caf%C3%A9",
    ];

    private static readonly string[] Queries =
    [
        "",
        "",
        "?",
        "?a=1",
        "?a=1&&b",
        "?q=%E2%82%AC&x=%2f?/:@!$'()*+,;",
        "?%zz",
        "?a=b+c&token=secret",
    ];

    private static readonly string[] Fields =
    [
        "Accept: */*",
        "Accept-Encoding: gzip, br",
        "User-Agent: tester/1.0 (a; b)",
        "Cookie: a=1; b=2",
        "Content-Type: application/json; charset=utf-8",
        "Authorization: Basic YTpi",
        "X-Empty:",
        "X-Spaced: \t  a  b \t",
        "X-Twice: 1\r\nX-Twice: 2",
        "X-Bytes: caf\u00e9\u00ff",
        "X-Quoted: \"a,b\\\"c\"",
        "X-Set: old",
        "X-Gone: 1",
        "x-lower: 1",
        "X-UPPER: 1",
        "If-None-Match: \"a\", W/\"b\"",
        "Range: bytes=0-5",
        "Origin: https://app.example",
        "Origin: https://evil.example",
        "Access-Control-Request-Method: GET",
        "Via: 1.0 before",
        "X-Forwarded-For: 10.1.2.3, 10.4.5.6",
        "Forwarded: for=10.1.2.3",
        "X-Forwarded-Host: lie.example",
        "X-Request-Id: mine",
        "x-apisvc-caller: lie",
        "Connection: x-hop\r\nX-Hop: 1",
        "Keep-Alive: timeout=5",
        "TE: trailers",
        "Proxy-Authorization: Basic YTpi",
        "traceparent: 00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        "Max-Forwards: 5",
        "Date: Thu, 01 Jan 2026 00:00:00 GMT",
        "Referer: https://a.example/b?c",
    ];

    private readonly Random _random = new(seed);
    private int _number;

    public GeneratedCall Next()
    {
        var id = $"{seed}-{_number++}";
        var method = Pick(Methods);
        var traits = new HashSet<string>(StringComparer.Ordinal);
        var is10 = OneIn(12);
        if (is10)
        {
            traits.Add(KnownDifferences.Version10);
        }

        var host = Pick("a", "a.example:81", "[::1]:80", MixedCase);
        var request = new StringBuilder()
            .Append(
                CultureInfo.InvariantCulture,
                $"{method} {Target(host)} HTTP/1.{(is10 ? 0 : 1)}\r\n"
            )
            .Append(CultureInfo.InvariantCulture, $"Host: {host}\r\n")
            .Append(CultureInfo.InvariantCulture, $"X-Case: {id}\r\n");
        foreach (var lines in Fields.Where(_ => OneIn(8)))
        {
            request.Append(lines).Append("\r\n");
        }

        if (OneIn(3))
        {
            request.Append(
                CultureInfo.InvariantCulture,
                $"X-Api-Key: {(OneIn(6) ? "wrong" : key)}\r\n"
            );
        }

        AddBody(request, method, is10, traits);
        var (answer, ends) = new AnswerGenerator(_random).Next(id, traits);
        return new(id, method, request.ToString(), answer, ends, traits);
    }

    private string Target(string host)
    {
        var path = Pick("open", "open", "keyed/items/7", "keyed/items", "keyed", "nobody");
        var below = string.Concat(
            Enumerable.Range(0, _random.Next(4)).Select(_ => "/" + Pick(Segments))
        );
        var query = Pick(Queries);
        if (OneIn(10))
        {
            query += (query.Length == 0 ? "?" : "&") + "api_key=" + key;
        }

        var origin = OneIn(15) && host != MixedCase ? "http://" + host : "";
        return $"{origin}/{root}/{path}{below}{query}";
    }

    private void AddBody(StringBuilder request, string method, bool is10, HashSet<string> traits)
    {
        var body = Text(_random.Next(3) * _random.Next(4_000));
        switch (_random.Next(is10 ? 2 : 3))
        {
            case 0 when !is10 || method is not ("POST" or "PUT" or "PATCH"):
                request.Append("\r\n");
                break;
            case 0 or 1:
                request.Append(
                    CultureInfo.InvariantCulture,
                    $"Content-Length: {body.Length}\r\n\r\n{body}"
                );
                break;
            default:
                traits.Add(KnownDifferences.RequestChunks);
                request.Append("Transfer-Encoding: chunked\r\n\r\n");
                Chunked.Write(request, body, _random, traits, KnownDifferences.RequestTrailers);
                break;
        }
    }

    private string Text(int length)
    {
        var text = new StringBuilder();
        while (text.Length < length)
        {
            text.Append((char)_random.Next(256));
        }

        return text.ToString();
    }

    private T Pick<T>(params T[] all) => all[_random.Next(all.Length)];

    private bool OneIn(int count) => _random.Next(count) == 0;
}
