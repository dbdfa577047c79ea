using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ApiSvc.Identity.Tests.Sessions;
using ApiSvc.Testing;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.Authorization;

/// <summary>Relying parties that others wrote: npm's openid-client and oauth4webapi.</summary>
public sealed class RelyingPartyTests(SharedIdentity identity) : IClassFixture<SharedIdentity>
{
    private const string Scope = "openid profile email offline_access orders.read";

    private static readonly string Folder = Path.Combine(
        Repository.Root,
        "tests/Identity.Tests/peers/oidc"
    );

    [Theory]
    [InlineData("client_secret_basic")]
    [InlineData("client_secret_post")]
    [InlineData("private_key_jwt")]
    [InlineData("none")]
    public async Task OpenIdClient_ByEachProof_SignsInRefreshesAndOut(string method)
    {
        var user = await identity.NewUserAsync();
        var client = await MakeClientAsync(method);

        var said = await RunAsync("openid-client.cjs", user, client);

        said.GetProperty("metadata").GetBoolean().ShouldBeTrue();
        said.GetProperty("claims").GetProperty("sub").GetString().ShouldBe(user);
        said.GetProperty("user").GetProperty("name").GetString().ShouldBe("Ada Shopper");
        said.GetProperty("refreshed").GetString().ShouldBe(user);
        said.GetProperty("refreshAfterRevocation").GetString().ShouldBe("invalid_grant");
        said.GetProperty("codeAgain").GetString().ShouldBe("invalid_grant");
        said.GetProperty("device").GetString().ShouldBe(user);
        said.GetProperty("bye").GetBoolean().ShouldBeTrue();
        if (method != "none")
        {
            said.GetProperty("active").GetBoolean().ShouldBeTrue();
            said.GetProperty("activeAfterRevocation").GetBoolean().ShouldBeFalse();
            said.GetProperty("own").GetString().ShouldBe("bearer");
        }
    }

    [Fact]
    public async Task OAuth4WebApi_EachAnswer_IsConform()
    {
        var user = await identity.NewUserAsync();
        var client = await MakeClientAsync("client_secret_basic");

        var said = await RunAsync("oauth4webapi.cjs", user, client);

        said.GetProperty("oidc").GetString().ShouldBe(IdentityHost.Issuer);
        said.GetProperty("oauth2").GetString().ShouldBe(IdentityHost.Issuer);
        said.GetProperty("sub").GetString().ShouldBe(user);
        said.GetProperty("user").GetProperty("sub").GetString().ShouldBe(user);
        said.GetProperty("accessToken").GetString().ShouldBe(Scope);
        said.GetProperty("active").GetBoolean().ShouldBeTrue();
        said.GetProperty("activeAfterRevocation").GetBoolean().ShouldBeFalse();
        said.GetProperty("silent").GetString().ShouldBe("login_required");
    }

    private async Task<JsonElement> RunAsync(string program, string user, object client)
    {
        var settings = new
        {
            @base = identity.Host.Http.BaseAddress!.ToString().TrimEnd('/'),
            issuer = IdentityHost.Issuer,
            cookie = $"{FakeSignedIn.Cookie}={identity.Host.SignedIn.SignIn(user)}",
            redirectUri = CodeFlow.RedirectUri,
            postLogoutUri = CodeFlow.PostLogoutUri,
            scope = Scope,
            client,
        };
        var start = new ProcessStartInfo(
            "node",
            [Path.Combine(Folder, program), JsonSerializer.Serialize(settings)]
        )
        {
            Environment = { ["NODE_PATH"] = await NpmModules.InstallAsync(Folder) },
        };
        return JsonDocument.Parse(await ChildProgram.RunAsync(start)).RootElement;
    }

    private async Task<object> MakeClientAsync(string method)
    {
        var (_, application) = await identity.NewApplicationAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var parameters = key.ExportParameters(includePrivateParameters: true);
        var (x, y) = (
            Base64UrlEncoder.Encode(parameters.Q.X),
            Base64UrlEncoder.Encode(parameters.Q.Y)
        );
        string[] grants = ["authorization_code", "refresh_token", CodeFlow.DeviceGrant];
        var made = await identity.Admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = $"By {method}",
                scopes = new[] { "orders.read" },
                authentication = method.StartsWith("client_secret", StringComparison.Ordinal)
                    ? "secret"
                    : method,
                jwks = method == "private_key_jwt"
                    ? new
                    {
                        keys = new[]
                        {
                            new
                            {
                                kty = "EC",
                                crv = "P-256",
                                x,
                                y,
                            },
                        },
                    }
                    : null,
                grantTypes = method == "none" ? grants : [.. grants, "client_credentials"],
                redirectUris = new[] { CodeFlow.RedirectUri },
                postLogoutRedirectUris = new[] { CodeFlow.PostLogoutUri },
            }
        );
        var id = made.ShouldBe(HttpStatusCode.Created)
            .Body.GetProperty("client")
            .GetProperty("clientId")
            .GetString()!;
        var jwk = new
        {
            kty = "EC",
            crv = "P-256",
            x,
            y,
            d = Base64UrlEncoder.Encode(parameters.D),
        };
        return new
        {
            id,
            method,
            secret = made.Body.GetProperty("clientSecret").GetString(),
            jwk,
        };
    }
}
