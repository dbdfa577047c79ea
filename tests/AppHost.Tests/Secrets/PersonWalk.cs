using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ApiSvc.AppHost.Tests.Calls;
using Microsoft.AspNetCore.WebUtilities;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>
/// What somebody who signs in has that is secret: password, session, the second factor's seed and recovery codes, and what a client
/// gets for it: codes and tokens.
/// </summary>
internal sealed partial class PersonWalk(
    OpenSuite open,
    SecretForms secrets,
    Action<string, string> addToken
)
{
    private const string Redirect = "https://shop.example/callback";
    private const string Device = "urn:ietf:params:oauth:grant-type:device_code";
    private const string Base32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

    private readonly Uri _identity = new(open.Suite.Address("identity", "https"));

    /// <param name="login">Of a user with that password.</param>
    /// <param name="password">The password.</param>
    /// <param name="client">A client with the grants authorization_code, refresh_token and device code.</param>
    /// <param name="secret">The client's secret.</param>
    public async Task WalkAsync(string login, string password, string client, string secret)
    {
        using var pages = new PageReader(_identity, open.Door.TrustOnlyTheSuite());
        var verifier = WebEncoders.Base64UrlEncode(RandomNumberGenerator.GetBytes(32));
        secrets.Add("a PKCE verifier", verifier);
        var page = await pages.GetAsync(Authorize(client, verifier));
        var wrong = password[..^1] + (password[^1] == '0' ? '1' : '0');
        secrets.Add("a wrong password", wrong);
        using (var other = new PageReader(_identity, open.Door.TrustOnlyTheSuite()))
        {
            await other.SubmitAsync(
                HttpStatusCode.BadRequest,
                await other.GetAsync("/sign-in"),
                "/sign-in",
                ("login", login),
                ("password", wrong)
            );
        }

        page = await pages.SubmitAsync(page, "/sign-in", ("login", login), ("password", password));
        AddCookies(pages);
        var code = QueryHelpers.ParseQuery(
            new Uri(await pages.SubmitAsync(page, "/connect/consent", ("decision", "allow"))).Query
        )["code"];
        secrets.Add("an authorization code", code!);
        var tokens = await AskAsync(
            client,
            secret,
            ("grant_type", "authorization_code"),
            ("code", code!),
            ("redirect_uri", Redirect),
            ("code_verifier", verifier)
        );
        Add(tokens);
        var renewed = await AskAsync(
            client,
            secret,
            ("grant_type", "refresh_token"),
            ("refresh_token", (string)tokens["refresh_token"]!)
        );
        Add(renewed);
        await UseSecondFactorAsync(pages);
        await UseDeviceAsync(pages, client, secret);
    }

    private static string Authorize(string client, string verifier) =>
        QueryHelpers.AddQueryString(
            "/connect/authorize",
            new Dictionary<string, string?>
            {
                ["response_type"] = "code",
                ["client_id"] = client,
                ["redirect_uri"] = Redirect,
                ["scope"] = "openid profile email offline_access",
                ["code_challenge"] = WebEncoders.Base64UrlEncode(
                    SHA256.HashData(Encoding.ASCII.GetBytes(verifier))
                ),
                ["code_challenge_method"] = "S256",
            }
        );

    private void AddCookies(PageReader pages)
    {
        var cookies = pages.Cookies.GetAllCookies().Where(c => c.Value.Length >= 32).ToList();
        cookies.ShouldNotBeEmpty();
        foreach (var cookie in cookies)
        {
            secrets.Add($"the cookie {cookie.Name}", cookie.Value);
        }
    }

    private void Add(JsonNode tokens)
    {
        secrets.Add("a refresh token", (string)tokens["refresh_token"]!);
        addToken("a user's access token", (string)tokens["access_token"]!);
        addToken("an ID token", (string)tokens["id_token"]!);
    }

    private async Task UseSecondFactorAsync(PageReader pages)
    {
        var page = await pages.GetAsync("/account/second-factor");
        var seed = Seed().Match(page).Groups["seed"].Value.Replace(" ", "");
        secrets.Add("the seed of a second factor", seed);
        var bytes = FromBase32(seed);
        secrets.Add("the seed of a second factor, as bytes", Convert.ToHexString(bytes));
        var done = await pages.SubmitAsync(page, "/account/second-factor", ("code", Totp(bytes)));
        var codes = Recovery().Matches(done);
        codes.Count.ShouldBeGreaterThan(0, done);
        foreach (Match recovery in codes)
        {
            secrets.Add("a recovery code", recovery.Groups["code"].Value);
        }
    }

    // RFC 4648 section 6, of whole bytes.
    private static byte[] FromBase32(string text)
    {
        var bits = string.Concat(
            text.Select(c => Convert.ToString(Base32.IndexOf(c), 2).PadLeft(5, '0'))
        );
        return [.. bits.Chunk(8).Select(b => Convert.ToByte(new string(b), 2))];
    }

    // RFC 6238, as an authenticator does it.
    private static string Totp(byte[] seed)
    {
        var step = BitConverter.GetBytes(DateTimeOffset.UtcNow.ToUnixTimeSeconds() / 30);
        Array.Reverse(step);
#pragma warning disable CA5350 // RFC 4226 is defined on it.
        var hash = HMACSHA1.HashData(seed, step);
#pragma warning restore CA5350
        var at = hash[^1] & 15;
        var number =
            ((hash[at] & 127) << 24) | (hash[at + 1] << 16) | (hash[at + 2] << 8) | hash[at + 3];
        return (number % 1_000_000).ToString("000000", null);
    }

    private async Task UseDeviceAsync(PageReader pages, string client, string secret)
    {
        using var begin = await open.Door.Client.PostAsync(
            new Uri(_identity, "/connect/device-authorization"),
            Form([
                ("client_id", client),
                ("client_secret", secret),
                ("scope", "openid offline_access"),
            ])
        );
        var begun = JsonNode.Parse(await begin.Content.ReadAsStringAsync())!;
        secrets.Add("a device code", (string)begun["device_code"]!);
        var page = await pages.GetAsync(
            new Uri((string)begun["verification_uri_complete"]!).PathAndQuery
        );
        page = await pages.SubmitAsync(page, "/device", ("user_code", (string)begun["user_code"]!));
        page = await pages.SubmitAsync(page, "/device/decision", ("decision", "allow"));
        page.ShouldNotBeEmpty();
        Add(
            await AskAsync(
                client,
                secret,
                ("grant_type", Device),
                ("device_code", (string)begun["device_code"]!)
            )
        );
    }

    private async Task<JsonNode> AskAsync(
        string client,
        string secret,
        params (string Name, string Value)[] form
    )
    {
        using var answer = await open.Door.Client.PostAsync(
            new Uri(_identity, "/connect/token"),
            Form([("client_id", client), ("client_secret", secret), .. form])
        );
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.OK, text);
        return JsonNode.Parse(text)!;
    }

    private static FormUrlEncodedContent Form((string Name, string Value)[] form) =>
        new(form.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    [GeneratedRegex("<code>(?<seed>[A-Z2-7 ]+)</code>", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Seed();

    [GeneratedRegex(
        "<li>(?<code>[0-9a-z]{4}(-[0-9a-z]{4}){3})</li>",
        RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Recovery();
}
