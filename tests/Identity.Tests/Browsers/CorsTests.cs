using System.Net;

namespace ApiSvc.Identity.Tests.Browsers;

/// <summary>From where scripts in browsers may call.</summary>
public sealed class CorsTests(SharedIdentity identity) : IClassFixture<SharedIdentity>
{
    private const string Evil = "https://evil.example";

    [Theory]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/oauth-authorization-server")]
    [InlineData("/.well-known/jwks.json")]
    public async Task WhatIsTheSameForEverybody_FromAnywhere_MayBeRead(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, Evil);

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        Field(answer, "Access-Control-Allow-Origin").ShouldBe("*");
        Field(answer, "Access-Control-Allow-Credentials").ShouldBeNull();
    }

    [Theory]
    [InlineData("/connect/token", "POST")]
    [InlineData("/connect/revoke", "POST")]
    [InlineData("/connect/userinfo", "GET")]
    public async Task WhatTakesTokens_FromAPublicClientsOrigin_MayBeCalled(
        string path,
        string method
    )
    {
        var origin = await RegisterAsync("none");

        using var preflight = await PreflightAsync(path, origin, method);
        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        Field(preflight, "Access-Control-Allow-Origin").ShouldBe(origin);
        Field(preflight, "Access-Control-Allow-Headers")!.ShouldContain("Authorization");
        Field(preflight, "Access-Control-Allow-Credentials").ShouldBeNull();
        Field(preflight, "Vary").ShouldBe("Origin");
        // Refused by what was sent, and the script is told so.
        using var answer = await SendAsync(new HttpMethod(method), path, origin);
        Field(answer, "Access-Control-Allow-Origin").ShouldBe(origin);
        ((int)answer.StatusCode).ShouldBeInRange(400, 401);
    }

    [Theory]
    [InlineData("/connect/token")]
    [InlineData("/connect/revoke")]
    [InlineData("/connect/userinfo")]
    public async Task WhatTakesTokens_FromElsewhere_IsNotOpen(string path)
    {
        var origin = await RegisterAsync("none");
        string[] strangers =
        [
            Evil,
            "null",
            "*",
            origin.Replace("https", "http"),
            $"{origin}:8443",
            $"{origin}.evil.example",
            origin.ToUpperInvariant(),
            await RegisterAsync("secret"),
        ];
        foreach (var stranger in strangers)
        {
            using var preflight = await PreflightAsync(path, stranger, "POST");
            Field(preflight, "Access-Control-Allow-Origin").ShouldBeNull(stranger);
            using var answer = await SendAsync(HttpMethod.Post, path, stranger);
            Field(answer, "Access-Control-Allow-Origin").ShouldBeNull(stranger);
        }
    }

    [Theory]
    [InlineData("/connect/authorize")]
    [InlineData("/connect/introspect")]
    [InlineData("/connect/device-authorization")]
    [InlineData("/connect/end-session")]
    [InlineData("/v1/teams")]
    public async Task AllElse_FromAnywhere_IsNotOpen(string path)
    {
        var origin = await RegisterAsync("none");

        using var preflight = await PreflightAsync(path, origin, "POST");
        using var answer = await SendAsync(HttpMethod.Post, path, origin);

        Field(preflight, "Access-Control-Allow-Origin").ShouldBeNull();
        Field(answer, "Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Fact]
    public async Task RevokedClient_ItsOrigin_IsNotOpenAnyMore()
    {
        var origin = $"https://{Guid.NewGuid():n}.example";
        var client = await MakeAsync("none", origin);
        using (var open = await PreflightAsync("/connect/token", origin, "POST"))
        {
            Field(open, "Access-Control-Allow-Origin").ShouldBe(origin);
        }

        (await identity.Admin.PostAsync($"/v1/oauth-clients/{client}/revoke")).ShouldBe(
            HttpStatusCode.OK
        );

        using var closed = await PreflightAsync("/connect/token", origin, "POST");
        Field(closed, "Access-Control-Allow-Origin").ShouldBeNull();
    }

    private async Task<string> RegisterAsync(string authentication)
    {
        var origin = $"https://{Guid.NewGuid():n}.example";
        await MakeAsync(authentication, origin);
        return origin;
    }

    private async Task<string> MakeAsync(string authentication, string origin)
    {
        var (_, application) = await identity.NewApplicationAsync();
        var made = await identity.Admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "browser",
                authentication,
                grantTypes = new[] { "authorization_code" },
                redirectUris = new[] { $"{origin}/callback?from=here", $"{origin}/other" },
            }
        );
        return made.ShouldBe(HttpStatusCode.Created)
            .Body.GetProperty("client")
            .GetProperty("clientId")
            .GetString()!;
    }

    private Task<HttpResponseMessage> PreflightAsync(string path, string origin, string method) =>
        SendAsync(HttpMethod.Options, path, origin, method);

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        string origin,
        string? asked = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.TryAddWithoutValidation("Origin", origin);
        if (asked is not null)
        {
            request.Headers.Add("Access-Control-Request-Method", asked);
            request.Headers.Add("Access-Control-Request-Headers", "authorization,content-type");
        }
        else if (method == HttpMethod.Post)
        {
            request.Content = new FormUrlEncodedContent([KeyValuePair.Create("client_id", "x")]);
        }

        return await identity.Host.Http.SendAsync(request);
    }

    private static string? Field(HttpResponseMessage answer, string name) =>
        answer.Headers.TryGetValues(name, out var values) ? string.Join(", ", values) : null;
}
