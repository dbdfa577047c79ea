using System.Net;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiSvc.Identity.Tests.Sessions;

/// <summary>A browser with a session, which shows pages and tells where it was sent instead of going there.</summary>
internal sealed partial class Browser : IDisposable
{
    private readonly HttpClient _http;

    public Browser(IdentityHost host, string? session)
    {
        _http = new HttpClient(
            new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }
        )
        {
            BaseAddress = host.Http.BaseAddress,
        };
        Session = session;
        if (session is not null)
        {
            _http.DefaultRequestHeaders.Add("Cookie", $"{FakeSignedIn.Cookie}={session}");
        }
    }

    public string? Session { get; }

    public async Task<Shown> GetAsync(string path) =>
        await Shown.OfAsync(await _http.GetAsync(path));

    public async Task<Shown> PostAsync(string path, params (string Name, string Value)[] form) =>
        await Shown.OfAsync(
            await _http.PostAsync(
                path,
                new FormUrlEncodedContent(form.Select(f => KeyValuePair.Create(f.Name, f.Value)))
            )
        );

    /// <summary>Sends the form that is shown, with these fields besides the hidden one.</summary>
    public Task<Shown> SubmitAsync(Shown page, params (string Name, string Value)[] fields) =>
        PostAsync(
            FormAction().Match(page.Text).Groups[1].Value,
            [("form", page.HiddenField), .. fields]
        );

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("<form method=\"post\" action=\"([^\"]+)\">")]
    private static partial Regex FormAction();
}

/// <summary>What a browser got.</summary>
internal sealed partial record Shown(
    HttpStatusCode Status,
    string Text,
    Uri? Location,
    IReadOnlyDictionary<string, string> Headers
)
{
    public string HiddenField => Hidden().Match(Text).Groups[1].Value;

    /// <summary>The parameters of the address that the browser was sent to.</summary>
    public Dictionary<string, string> Answer =>
        QueryHelpers
            .ParseQuery(Location!.Query)
            .ToDictionary(p => p.Key, p => p.Value.ShouldHaveSingleItem()!);

    public static async Task<Shown> OfAsync(HttpResponseMessage response)
    {
        using (response)
        {
            return new(
                response.StatusCode,
                await response.Content.ReadAsStringAsync(),
                response.Headers.Location,
                response
                    .Headers.Concat(response.Content.Headers)
                    .ToDictionary(h => h.Key, h => string.Join(", ", h.Value))
            );
        }
    }

    /// <summary>Nobody was sent anywhere: a page says why.</summary>
    public void ShouldBeAFailure()
    {
        Status.ShouldBe(HttpStatusCode.BadRequest, Text);
        Location.ShouldBeNull();
        Text.ShouldContain("role=\"alert\"");
    }

    /// <summary>The client hears of the error, with state and issuer.</summary>
    public void ShouldTellTheClient(string error)
    {
        Status.ShouldBe(HttpStatusCode.SeeOther, Text);
        Location!.ToString().ShouldStartWith(CodeFlow.RedirectUri);
        Answer["error"].ShouldBe(error);
        Answer["state"].ShouldBe(CodeFlow.State);
        Answer["iss"].ShouldBe(IdentityHost.Issuer);
        Answer.ShouldNotContainKey("code");
    }

    [GeneratedRegex("name=\"form\" value=\"([^\"]+)\"")]
    private static partial Regex Hidden();
}
