using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ApiSvc.Identity.Tests.SignIn;
using ApiSvc.Testing;

namespace ApiSvc.Identity.Tests.ExternalSignIn;

/// <summary>npm's oidc-provider, and an Identity that knows it by three names: plain, trusted for addresses, and making users.</summary>
public sealed class SharedProvider : IAsyncLifetime
{
    internal const string Secret = "the secret of the client at the provider: +%&";

    private static readonly string[] Names = ["plain", "trusted", "maker"];

    private NodePeer _peer = null!;

    internal IdentityHost Host { get; private set; } = null!;

    internal ApiCaller Admin { get; private set; } = null!;

    internal string Issuer { get; private set; } = "";

    internal Mailbox Mail { get; } = new();

    public async ValueTask InitializeAsync()
    {
        _peer = await StartPeerAsync();
        Issuer = (string)_peer.Self["issuer"]!;
        Host = await IdentityHost.StartSigningInAsync([
            ("Mail:Folder", Mail.Folder),
            ("Egress:AllowedNetworks:0", "127.0.0.1/32"),
            .. Names.SelectMany(n => Settings(n, Issuer)),
            ("ExternalSignIn:Providers:trusted:TrustEmail", "true"),
            ("ExternalSignIn:Providers:maker:CreateUsers", "true"),
            .. Rule(0, "groups", "auditors", "auditor", null),
            .. Rule(1, "groups", "shop-owners", "owner", "shop"),
            .. Rule(2, "groups", "shop-viewers", "viewer", "shop"),
            .. Rule(3, "groups", "bosses", "no-such-role", null),
        ]);
        Admin = await Host.AdminAsync();
    }

    internal static Task<NodePeer> StartPeerAsync() =>
        NodePeer.StartAsync(
            Path.Combine(Repository.Root, "tests/Identity.Tests/peers/provider"),
            "provider.cjs",
            new JsonObject
            {
                ["secret"] = Secret,
                ["redirectUris"] = new JsonArray([
                    .. Names.Select(n =>
                        JsonValue.Create($"{IdentityHost.Issuer}/sign-in/external/{n}/callback")
                    ),
                ]),
            }
        );

    internal static (string Key, string? Value)[] Settings(string name, string issuer) =>
        [
            ($"ExternalSignIn:Providers:{name}:Name", $"Provider {name}"),
            ($"ExternalSignIn:Providers:{name}:Issuer", issuer),
            ($"ExternalSignIn:Providers:{name}:ClientId", "apisvc"),
            ($"ExternalSignIn:Providers:{name}:ClientSecret", Secret),
            ($"ExternalSignIn:Providers:{name}:Scopes:0", "email"),
            ($"ExternalSignIn:Providers:{name}:Scopes:1", "profile"),
            ($"ExternalSignIn:Providers:{name}:Scopes:2", "groups"),
        ];

    internal static (string Key, string? Value)[] Rule(
        int number,
        string claim,
        string value,
        string role,
        string? team
    )
    {
        var key = $"ExternalSignIn:Providers:maker:Roles:{number}";
        return
        [
            ($"{key}:Claim", claim),
            ($"{key}:Value", value),
            ($"{key}:Role", role),
            ($"{key}:Team", team),
        ];
    }

    /// <summary>Has an account at the provider.</summary>
    internal async Task SetAccountAsync(string login, object claims)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsJsonAsync(
            $"{Issuer}/test/accounts",
            new Dictionary<string, object> { [login] = claims }
        );
        response.EnsureSuccessStatusCode();
    }

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        await _peer.DisposeAsync();
        Directory.Delete(Mail.Folder, recursive: true);
    }
}

/// <summary>A browser at the provider's own pages.</summary>
internal sealed partial class ProviderVisit : IDisposable
{
    private readonly HttpClient _http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            CookieContainer = new CookieContainer(),
        }
    );

    /// <summary>Signs in there and agrees.</summary>
    /// <returns>The path at Identity that it is sent back to.</returns>
    public async Task<string> SignInAsync(Uri address, string login)
    {
        var next = new HttpRequestMessage(HttpMethod.Get, address);
        for (var i = 0; i < 20; i++)
        {
            using var response = await _http.SendAsync(next);
            address = next.RequestUri!;
            if (response.Headers.Location is { } to)
            {
                address = new Uri(address, to);
                if (address.Host == new Uri(IdentityHost.Issuer).Host)
                {
                    return address.PathAndQuery;
                }

                next = new HttpRequestMessage(HttpMethod.Get, address);
                continue;
            }

            var page = await response.Content.ReadAsStringAsync();
            response.StatusCode.ShouldBe(HttpStatusCode.OK, page);
            next = new HttpRequestMessage(
                HttpMethod.Post,
                new Uri(address, Action().Match(page).Groups[1].Value)
            )
            {
                Content = new FormUrlEncodedContent(
                    Hidden()
                        .Matches(page)
                        .Select(m => KeyValuePair.Create(m.Groups[1].Value, m.Groups[2].Value))
                        .Concat([
                            KeyValuePair.Create("login", login),
                            KeyValuePair.Create("password", "any"),
                        ])
                ),
            };
        }

        throw new InvalidOperationException($"The provider leads in a circle: {address}");
    }

    public void Dispose() => _http.Dispose();

    [GeneratedRegex("action=\"([^\"]+)\"")]
    private static partial Regex Action();

    [GeneratedRegex("<input type=\"hidden\" name=\"([^\"]+)\" value=\"([^\"]*)\"")]
    private static partial Regex Hidden();
}
