using System.Net;
using System.Security.Cryptography;
using System.Text.Json;
using ApiSvc.Contracts.Identity.V1;
using Google.Rpc;
using Grpc.Core;
using Microsoft.IdentityModel.Tokens;

namespace ApiSvc.Identity.Tests.OAuthClients;

/// <summary>OAuth clients of applications over gRPC: with all that REST has.</summary>
public sealed class OAuthClientMessageTests(SharedIdentity identity) : IClassFixture<SharedIdentity>
{
    [Fact]
    public async Task Create_WithEverything_IsWhatRestShows()
    {
        var (_, application) = await identity.NewApplicationAsync();
        var request = new CreateOAuthClientRequest
        {
            ApplicationId = application,
            Environment = "sandbox",
            Name = "browser",
            Scopes = { "orders.read" },
            Authentication = "none",
            GrantTypes = { "authorization_code", "refresh_token" },
            RedirectUris = { "https://shop.example/callback" },
            PostLogoutRedirectUris = { "https://shop.example/" },
            AccessTokenSigningAlg = "RS256",
            IdTokenSignedResponseAlg = "RS256",
        };

        var made = await CreateAsync(request);

        made.ClientSecret.ShouldBeEmpty();
        made.Client.GrantTypes.ShouldBe(request.GrantTypes);
        made.Client.RedirectUris.ShouldBe(request.RedirectUris);
        made.Client.PostLogoutRedirectUris.ShouldBe(request.PostLogoutRedirectUris);
        made.Client.IdTokenSignedResponseAlg.ShouldBe("RS256");
        var shown = await identity.Admin.GetAsync($"/v1/oauth-clients/{made.Client.ClientId}");
        shown["authentication"].ShouldBe("none");
        shown["accessTokenSigningAlg"].ShouldBe("RS256");
        shown
            .Body.GetProperty("redirectUris")[0]
            .GetString()
            .ShouldBe("https://shop.example/callback");
    }

    [Fact]
    public async Task Create_WithLittle_IsAsRestHasIt()
    {
        var (_, application) = await identity.NewApplicationAsync();

        var made = await CreateAsync(
            new()
            {
                ApplicationId = application,
                Environment = "sandbox",
                Name = "n",
            }
        );

        made.ClientSecret.ShouldNotBeEmpty();
        made.Client.Authentication.ShouldBe("secret");
        made.Client.GrantTypes.ShouldBe(["client_credentials"]);
        made.Client.AccessTokenSigningAlg.ShouldBe("ES256");
    }

    [Fact]
    public async Task Create_WithKeys_KeepsThem()
    {
        var (_, application) = await identity.NewApplicationAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

        var made = await CreateAsync(
            new()
            {
                ApplicationId = application,
                Environment = "sandbox",
                Name = "n",
                Authentication = "private_key_jwt",
                Jwks = Set(key, withPrivate: false),
            }
        );

        made.Client.Jwks.ShouldContain("\"crv\":\"P-256\"");
        made.Client.Jwks.ShouldNotContain("\"d\"");
    }

    [Fact]
    public async Task Create_Garbage_TellsAllViolations()
    {
        var (_, application) = await identity.NewApplicationAsync();
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CreateOAuthClientRequest
        {
            ApplicationId = application,
            Environment = "moon",
            Name = "n",
            Authentication = "private_key_jwt",
            Jwks = Set(key, withPrivate: true),
            GrantTypes = { "password" },
            RedirectUris = { "http://shop.example/callback" },
            IdTokenSignedResponseAlg = "none",
        };

        var refused = await Should.ThrowAsync<RpcException>(() => CreateAsync(request));

        refused.StatusCode.ShouldBe(StatusCode.InvalidArgument);
        refused
            .GetRpcStatus()!
            .Details.Single(d => d.Is(BadRequest.Descriptor))
            .Unpack<BadRequest>()
            .FieldViolations.Select(v => v.Field)
            .ShouldBe(
                [
                    "#/jwks",
                    "#/environment",
                    "#/grant_types",
                    "#/redirect_uris",
                    "#/id_token_signed_response_alg",
                ],
                ignoreOrder: true
            );
    }

    private async Task<CreateOAuthClientResponse> CreateAsync(CreateOAuthClientRequest request) =>
        await new ApplicationCredentials.ApplicationCredentialsClient(
            identity.Host.Grpc
        ).CreateOAuthClientAsync(request, identity.Admin.Headers);

    private static string Set(ECDsa key, bool withPrivate)
    {
        var parts = key.ExportParameters(includePrivateParameters: true);
        var members = new Dictionary<string, string>
        {
            ["kty"] = "EC",
            ["crv"] = "P-256",
            ["x"] = Base64UrlEncoder.Encode(parts.Q.X),
            ["y"] = Base64UrlEncoder.Encode(parts.Q.Y),
        };
        if (withPrivate)
        {
            members["d"] = Base64UrlEncoder.Encode(parts.D);
        }

        return JsonSerializer.Serialize(new { keys = new[] { members } });
    }
}
