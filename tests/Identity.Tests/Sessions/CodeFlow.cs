using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.Sessions;

/// <summary>A user, and an application's client that it signs in at.</summary>
internal sealed class CodeFlow : IDisposable
{
    public const string RedirectUri = "https://shop.example/callback";
    public const string PostLogoutUri = "https://shop.example/bye";
    public const string State = "state-1 & more";
    public const string Nonce = "nonce-1";
    public const string Verifier = "a-verifier-of-at-least-43-characters-0123456789";
    public const string DeviceGrant = "urn:ietf:params:oauth:grant-type:device_code";

    private static readonly string[] Grants =
    [
        "authorization_code",
        "refresh_token",
        "client_credentials",
        DeviceGrant,
    ];

    private CodeFlow(IdentityHost host, string user, string team, (string Id, string Secret) client)
    {
        Team = team;
        Host = host;
        User = user;
        (ClientId, Secret) = client;
        Browser = new Browser(host, host.SignedIn.SignIn(user));
    }

    public static string Challenge { get; } =
        Base64UrlEncoder.Encode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public IdentityHost Host { get; }

    public string User { get; }

    /// <summary>The team of the client's application.</summary>
    public string Team { get; }

    public string ClientId { get; }

    public string Secret { get; }

    public Browser Browser { get; }

    /// <summary>Makes a user and a client.</summary>
    public static async Task<CodeFlow> StartAsync(SharedIdentity identity)
    {
        var user = await identity.NewUserAsync();
        var (team, application) = await identity.NewApplicationAsync();
        return new(
            identity.Host,
            user,
            team,
            await MakeClientAsync(identity.Admin, application, "orders.read")
        );
    }

    public static async Task<(string Id, string Secret)> MakeClientAsync(
        ApiCaller admin,
        string application,
        params string[] scopes
    )
    {
        var made = await admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "Shop <b>",
                scopes,
                grantTypes = Grants,
                redirectUris = new[] { RedirectUri, $"{RedirectUri}?shop=1" },
                postLogoutRedirectUris = new[] { PostLogoutUri },
            }
        );
        made.ShouldBe(HttpStatusCode.Created);
        return (
            made.Body.GetProperty("client").GetProperty("clientId").GetString()!,
            made["clientSecret"]
        );
    }

    /// <summary>Asks for a code; the parameters given replace the usual ones, or take them away.</summary>
    public Task<Shown> AuthorizeAsync(params (string Name, string? Value)[] changes) =>
        AuthorizeAsync(Browser, changes);

    public Task<Shown> AuthorizeAsync(
        Browser browser,
        params (string Name, string? Value)[] changes
    ) => browser.GetAsync(Address(changes));

    public string Address(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["response_type"] = "code",
            ["client_id"] = ClientId,
            ["redirect_uri"] = RedirectUri,
            ["scope"] = "openid profile email offline_access orders.read",
            ["state"] = State,
            ["nonce"] = Nonce,
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return QueryHelpers.AddQueryString(
            "/connect/authorize",
            parameters.Where(p => p.Value is not null)
        );
    }

    /// <summary>Asks for a code and agrees where the user is asked.</summary>
    public async Task<string> CodeAsync(params (string Name, string? Value)[] changes)
    {
        var shown = await AuthorizeAsync(changes);
        if (shown.Status == HttpStatusCode.OK)
        {
            shown = await Browser.SubmitAsync(shown, ("decision", "allow"));
        }

        shown.Status.ShouldBe(HttpStatusCode.SeeOther, shown.Text);
        shown.Answer.ShouldContainKey("code");
        return shown.Answer["code"];
    }

    /// <summary>Sends a code for tokens; the parameters given replace the usual ones, or take them away.</summary>
    public Task<Answer> RedeemAsync(string code, params (string Name, string? Value)[] changes)
    {
        var form = new Dictionary<string, string?>
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = RedirectUri,
            ["code_verifier"] = Verifier,
        };
        foreach (var (name, value) in changes)
        {
            form[name] = value;
        }

        return PostAsync(
            "/connect/token",
            [.. form.Where(f => f.Value is not null).Select(f => (f.Key, f.Value!))]
        );
    }

    public Task<Answer> RefreshAsync(string token, params (string Name, string Value)[] more) =>
        PostAsync(
            "/connect/token",
            [("grant_type", "refresh_token"), ("refresh_token", token), .. more]
        );

    /// <summary>Signs in, agrees and gets tokens.</summary>
    public async Task<Answer> TokensAsync(params (string Name, string? Value)[] changes) =>
        (await RedeemAsync(await CodeAsync(changes))).ShouldBe(HttpStatusCode.OK);

    /// <summary>Posts a form as the client.</summary>
    public Task<Answer> PostAsync(string path, params (string Name, string Value)[] form) =>
        Host.PostFormAsync(path, IdentityHost.Basic(ClientId, Secret), form);

    public async Task<JsonElement> IntrospectAsync(string token) =>
        (await PostAsync("/connect/introspect", ("token", token))).ShouldBe(HttpStatusCode.OK).Body;

    public async Task<bool> IsActiveAsync(string token) =>
        (await IntrospectAsync(token)).GetProperty("active").GetBoolean();

    public Task<Answer> UserInfoAsync(string token) =>
        new ApiCaller(Host.Http, token).GetAsync("/connect/userinfo");

    public void Dispose() => Browser.Dispose();
}
