using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>Somebody at Identity's pages: keeps cookies, goes where it is sent, and sends forms.</summary>
internal sealed partial class PageReader : IDisposable
{
    private readonly HttpClient _http;

    /// <param name="identity">Where they are.</param>
    /// <param name="trust">Whom to believe that it is they.</param>
    public PageReader(Uri identity, X509ChainPolicy trust)
    {
        _http = new(
            new SocketsHttpHandler
            {
                AllowAutoRedirect = false,
                CookieContainer = Cookies,
                SslOptions = { CertificateChainPolicy = trust },
            }
        )
        {
            BaseAddress = identity,
        };
    }

    public CookieContainer Cookies { get; } = new();

    /// <summary>Text of the page; or the address, where it leads away from the service.</summary>
    public Task<string> GetAsync(string path) =>
        GoAsync(new(HttpMethod.Get, path), HttpStatusCode.OK);

    /// <summary>Sends the page's form that leads to the path, with these fields besides the hidden ones.</summary>
    public Task<string> SubmitAsync(
        string page,
        string path,
        params (string Name, string Value)[] fields
    ) => SubmitAsync(HttpStatusCode.OK, page, path, fields);

    public Task<string> SubmitAsync(
        HttpStatusCode expected,
        string page,
        string path,
        params (string Name, string Value)[] fields
    )
    {
        var form = Forms()
            .Matches(page)
            .First(f => WebUtility.HtmlDecode(f.Groups["action"].Value).Split('?')[0] == path);
        var hidden = Hidden()
            .Matches(form.Groups["body"].Value)
            .Select(h => (h.Groups["name"].Value, WebUtility.HtmlDecode(h.Groups["value"].Value)));
        return GoAsync(
            new(HttpMethod.Post, WebUtility.HtmlDecode(form.Groups["action"].Value))
            {
                Content = new FormUrlEncodedContent(
                    hidden.Concat(fields).Select(f => KeyValuePair.Create(f.Item1, f.Item2))
                ),
            },
            expected
        );
    }

    public void Dispose() => _http.Dispose();

    private async Task<string> GoAsync(HttpRequestMessage request, HttpStatusCode expected)
    {
        var next = request;
        while (true)
        {
            using var sent = next;
            using var answer = await _http.SendAsync(sent);
            if (answer.Headers.Location is not { } location)
            {
                var text = await answer.Content.ReadAsStringAsync();
                answer.StatusCode.ShouldBe(expected, text);
                return text;
            }

            if (location.IsAbsoluteUri && location.Authority != _http.BaseAddress!.Authority)
            {
                return location.AbsoluteUri;
            }

            next = new(HttpMethod.Get, location);
        }
    }

    [GeneratedRegex(
        "<form method=\"post\" action=\"(?<action>[^\"]+)\">(?<body>.*?)</form>",
        RegexOptions.Singleline | RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Forms();

    [GeneratedRegex(
        "<input type=\"hidden\" name=\"(?<name>[^\"]+)\" value=\"(?<value>[^\"]*)\"",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Hidden();
}
