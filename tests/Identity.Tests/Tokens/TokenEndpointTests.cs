using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.Tokens;

public sealed class TokenEndpointTests : IAsyncLifetime
{
    private static readonly (string, string) Grant = ("grant_type", "client_credentials");

    private IdentityHost _host = null!;

    public async ValueTask InitializeAsync() => _host = await IdentityHost.StartReadyAsync();

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Issue_ByBasic_GivesAnAccessTokenThatThePublishedKeyVerifies()
    {
        using var response = await _host.AskAsync(
            IdentityHost.Basic("catalog", IdentityHost.Secret),
            Grant,
            ("audience", "analytics")
        );

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var answer = await ReadAsync(response);
        answer.GetProperty("token_type").GetString().ShouldBe("Bearer");
        answer.GetProperty("expires_in").GetInt64().ShouldBe(300);
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            answer.GetProperty("access_token").GetString(),
            new TokenValidationParameters
            {
                ValidIssuer = IdentityHost.Issuer,
                ValidAudience = "analytics",
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = ["ES256"],
                IssuerSigningKeys = new JsonWebKeySet(
                    await _host.Http.GetStringAsync("/.well-known/jwks.json")
                ).Keys,
            }
        );
        result.Exception.ShouldBeNull();
        result.Claims["sub"].ShouldBe("catalog");
        result.Claims["client_id"].ShouldBe("catalog");
        result.Claims["apisvc_kind"].ShouldBe("service");
        result.Claims.ShouldContainKey("jti");
        var token = (JsonWebToken)result.SecurityToken;
        token.GetPayloadValue<string[]>("roles").ShouldBe(["service"]);
        (token.ValidTo - token.IssuedAt).ShouldBe(TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Issue_ByFormWithoutAudience_IsForAllThatTheClientMayReach()
    {
        using var response = await _host.AskAsync(
            Grant,
            ("client_id", "admin"),
            ("client_secret", IdentityHost.Secret)
        );

        var answer = await ReadAsync(response);
        var token = new JsonWebToken(answer.GetProperty("access_token").GetString());
        token.Audiences.ShouldBe(["identity", "catalog"], ignoreOrder: true);
        token.GetClaim("apisvc_kind").Value.ShouldBe("client");
        token.GetPayloadValue<string[]>("roles").ShouldBe(["admin"]);
    }

    [Fact]
    public async Task Issue_TheToken_IsAcceptedByIdentityItself()
    {
        var token = await TokenAsync("identity");

        var caller = await CallerAsync(token);

        caller.StatusCode.ShouldBe(HttpStatusCode.OK);
        var document = await ReadAsync(caller);
        document.GetProperty("subject").GetString().ShouldBe("admin");
        document.GetProperty("roles")[0].GetString().ShouldBe("admin");
    }

    [Fact]
    public async Task Issue_TheTokenForAnother_IsRefusedByIdentity()
    {
        var token = await TokenAsync("catalog");

        (await CallerAsync(token)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("catalog", "not the secret, though it is long enough")]
    [InlineData("nobody", IdentityHost.Secret)]
    [InlineData("CATALOG", IdentityHost.Secret)]
    [InlineData("catalog", "")]
    public async Task Issue_NotProved_IsInvalidClientInTheSameWords(string id, string secret)
    {
        using var response = await _host.AskAsync(IdentityHost.Basic(id, secret), Grant);

        await ShouldRefuseAsync(response, HttpStatusCode.Unauthorized, "invalid_client");
        response.Headers.WwwAuthenticate.ShouldHaveSingleItem().Scheme.ShouldBe("Basic");
    }

    [Theory]
    [InlineData("Basic", "%%%")]
    [InlineData("Basic", "bm9jb2xvbg==")]
    [InlineData("Bearer", "x")]
    public async Task Issue_UnreadableHeader_IsInvalidClient(string scheme, string value)
    {
        using var response = await _host.AskAsync(
            new AuthenticationHeaderValue(scheme, value),
            Grant
        );

        await ShouldRefuseAsync(response, HttpStatusCode.Unauthorized, "invalid_client");
    }

    [Theory]
    [InlineData("invalid_request", "audience", "catalog")]
    [InlineData("unsupported_grant_type", "grant_type", "password")]
    [InlineData("invalid_request", "grant_type", "")]
    [InlineData("invalid_scope", "grant_type", "client_credentials", "scope", "everything")]
    [InlineData("invalid_target", "grant_type", "client_credentials", "audience", "portal")]
    [InlineData(
        "invalid_target",
        "grant_type",
        "client_credentials",
        "resource",
        "https://else.example"
    )]
    [InlineData(
        "invalid_request",
        "grant_type",
        "client_credentials",
        "grant_type",
        "client_credentials"
    )]
    [InlineData("invalid_request", "grant_type", "client_credentials", "client_secret", "again")]
    [InlineData("invalid_request", "grant_type", "client_credentials", "client_id", "catalog")]
    public async Task Issue_WrongRequest_IsRefusedByItsCode(string error, params string[] form)
    {
        using var response = await _host.AskAsync(
            IdentityHost.Basic("admin", IdentityHost.Secret),
            [.. form.Chunk(2).Select(p => (p[0], p[1]))]
        );

        await ShouldRefuseAsync(response, HttpStatusCode.BadRequest, error);
    }

    [Fact]
    public async Task Issue_NoForm_IsInvalidRequest()
    {
        using var response = await _host.Http.PostAsJsonAsync("/connect/token", new { });

        await ShouldRefuseAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(20_000)]
    public async Task Issue_TooLong_IsInvalidRequest(int length)
    {
        using var response = await _host.AskAsync(Grant, ("client_id", new string('x', length)));

        await ShouldRefuseAsync(response, HttpStatusCode.BadRequest, "invalid_request");
    }

    [Fact]
    public async Task Start_ShortSecret_IsRefusedWithTheKeysName()
    {
        var start = () =>
            IdentityHost.StartAsync(
                _host.ConnectionString,
                ("Issuer:Clients:admin:Secret", "short")
            );

        (
            await start.ShouldThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>()
        ).Message.ShouldContain("Issuer:Clients:admin:Secret");
    }

    private async Task<string> TokenAsync(string audience)
    {
        using var response = await _host.AskAsync(
            IdentityHost.Basic("admin", IdentityHost.Secret),
            Grant,
            ("resource", audience)
        );
        return (await ReadAsync(response)).GetProperty("access_token").GetString()!;
    }

    private async Task<HttpResponseMessage> CallerAsync(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/caller")
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", token) },
        };
        return await _host.Management.SendAsync(request);
    }

    private static async Task ShouldRefuseAsync(
        HttpResponseMessage response,
        HttpStatusCode status,
        string error
    )
    {
        response.StatusCode.ShouldBe(status);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var body = await ReadAsync(response);
        body.GetProperty("error").GetString().ShouldBe(error);
        body.GetProperty("error_description").GetString().ShouldNotBeNullOrEmpty();
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
}
