using System.Text;

namespace ApiSvc.Gateway.Tests.Http1.Fuzzing;

/// <summary>Valid requests of all framings that carry a nonce in path, field and body.</summary>
internal static class FuzzRequests
{
    public static string Make(string nonce, Random random)
    {
        var fields = new StringBuilder($"Host: a\r\nX-Nonce: {nonce}\r\n");
        if (random.Next(3) == 0)
        {
            fields.Append("Cookie: a=1; b=2\r\nAccept: */*\r\n");
        }

        if (random.Next(6) == 0)
        {
            fields.Append("Connection: x-hop\r\nX-Hop: 1\r\n");
        }

        var padding = new string('p', random.Next(3) * random.Next(600));
        var body = nonce + padding;
        return random.Next(5) switch
        {
            0 => $"GET /w/{nonce} HTTP/1.1\r\n{fields}\r\n",
            1 => $"HEAD /w/{nonce} HTTP/1.1\r\n{fields}\r\n",
            2 => $"POST /w/{nonce} HTTP/1.1\r\n{fields}Content-Length: {body.Length}\r\n\r\n{body}",
            3 => $"PUT /w/{nonce} HTTP/1.1\r\n{fields}Transfer-Encoding: chunked\r\n\r\n"
                + $"{nonce.Length:x}\r\n{nonce}\r\n"
                + (padding.Length > 0 ? $"{padding.Length:X};a=b\r\n{padding}\r\n" : "")
                + $"0\r\n{(random.Next(2) == 0 ? "X-Sum: 1\r\n" : "")}\r\n",
            _ =>
                $"POST /w/{nonce} HTTP/1.1\r\n{fields}Expect: 100-continue\r\nContent-Length: {body.Length}\r\n\r\n{body}",
        };
    }

    /// <summary>The body that the upstream's echo of it has.</summary>
    public static string EchoOf(string request, string nonce)
    {
        var method = request[..request.IndexOf(' ', StringComparison.Ordinal)];
        if (method == "HEAD")
        {
            return "";
        }

        var body =
            request.EndsWith("\r\n\r\n", StringComparison.Ordinal) && method == "GET"
                ? ""
                : nonce
                    + new string(
                        'p',
                        request.Count(c => c == 'p')
                            - request[..request.IndexOf("\r\n\r\n", StringComparison.Ordinal)]
                                .Count(c => c == 'p')
                    );
        return $"{method} /{nonce}\n{nonce}\n{body}";
    }
}
