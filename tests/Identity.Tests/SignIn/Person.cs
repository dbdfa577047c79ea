using System.Net;
using System.Text.RegularExpressions;
using ApiSvc.Identity.Tests.Sessions;

namespace ApiSvc.Identity.Tests.SignIn;

/// <summary>Somebody at a browser of its own, which keeps cookies and follows redirects within the service.</summary>
internal sealed partial class Person(IdentityHost host) : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
    )
    {
        BaseAddress = host.Http.BaseAddress,
    };

    public Dictionary<string, string> Cookies { get; } = [];

    /// <summary>What a proxy in front says of the address, if there is one.</summary>
    public string? ForwardedFor { get; init; }

    /// <summary>The path that was shown last.</summary>
    public string At { get; private set; } = "";

    public bool HasSession => Cookies.ContainsKey("__Host-session");

    public Task<Shown> GetAsync(string path) => GoAsync(HttpMethod.Get, path, null);

    /// <summary>Sends the form of the page that leads to the action, with these fields besides the hidden ones.</summary>
    public Task<Shown> SubmitAsync(
        Shown page,
        string action,
        params (string Name, string Value)[] fields
    )
    {
        var form = Forms()
            .Matches(page.Text)
            .FirstOrDefault(f =>
                WebUtility.HtmlDecode(f.Groups["action"].Value).Split('?')[0] == action
            );
        form.ShouldNotBeNull($"no form leads to {action}: {page.Text}");
        var hidden = Hidden()
            .Matches(form.Groups["body"].Value)
            .Select(h => (h.Groups["name"].Value, WebUtility.HtmlDecode(h.Groups["value"].Value)));
        return PostAsync(
            WebUtility.HtmlDecode(form.Groups["action"].Value),
            [.. hidden.Where(h => fields.All(f => f.Name != h.Item1)), .. fields]
        );
    }

    public Task<Shown> PostAsync(string path, params (string Name, string Value)[] fields) =>
        GoAsync(
            HttpMethod.Post,
            path,
            () =>
                new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)))
        );

    public async Task<Shown> SignInAsync(string login, string password, string? returnPath = null)
    {
        var page = await GetAsync(
            returnPath is null ? "/sign-in" : $"/sign-in?return={Uri.EscapeDataString(returnPath)}"
        );
        return await SubmitAsync(page, "/sign-in", ("login", login), ("password", password));
    }

    public void Dispose() => _http.Dispose();

    private async Task<Shown> GoAsync(HttpMethod method, string path, Func<HttpContent>? content)
    {
        var shown = await SendAsync(method, path, content);
        for (var i = 0; i < 10; i++)
        {
            if (shown.Location?.OriginalString is not { } next || !next.StartsWith('/'))
            {
                return shown;
            }

            shown = await SendAsync(HttpMethod.Get, next, null);
        }

        throw new InvalidOperationException($"{path} leads in a circle.");
    }

    private async Task<Shown> SendAsync(HttpMethod method, string path, Func<HttpContent>? content)
    {
        At = path;
        using var request = new HttpRequestMessage(method, path) { Content = content?.Invoke() };
        request.Headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0");
        if (ForwardedFor is not null)
        {
            request.Headers.Add("X-Forwarded-For", ForwardedFor);
        }

        if (Cookies.Count > 0)
        {
            request.Headers.Add(
                "Cookie",
                string.Join("; ", Cookies.Select(c => $"{c.Key}={c.Value}"))
            );
        }

        var response = await _http.SendAsync(request);
        if (response.Headers.TryGetValues("Set-Cookie", out var set))
        {
            foreach (var cookie in set)
            {
                Keep(cookie);
            }
        }

        return await Shown.OfAsync(response);
    }

    private void Keep(string cookie)
    {
        // RFC 6265bis section 4.1.3.2: else browsers do not take it.
        cookie.ShouldStartWith("__Host-");
        cookie.ShouldContain("; secure");
        cookie.ShouldContain("; httponly");
        cookie.ShouldContain("; samesite=lax");
        cookie.ShouldContain("; path=/");
        cookie.ShouldNotContain("domain");
        var (name, value) = cookie.Split(';')[0].Split('=', 2) is [var n, var v]
            ? (n, v)
            : ("", "");
        if (value.Length == 0)
        {
            Cookies.Remove(name);
        }
        else
        {
            Cookies[name] = value;
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
