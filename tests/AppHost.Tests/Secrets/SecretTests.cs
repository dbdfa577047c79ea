using System.Net;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using ApiSvc.AppHost.Tests.Calls;

namespace ApiSvc.AppHost.Tests.Secrets;

/// <summary>
/// After a walk through what has secrets, everything that the suite left behind is searched for each of them, in every
/// form: none is there.
/// </summary>
[Collection<OpenSuiteTests>]
public sealed class SecretTests(OpenSuite open, ITestOutputHelper output)
{
    private const string Path = "/demo/secrets/orders";

    private readonly SecretForms _secrets = new();
    private readonly Door _door = open.Door;

    // Not secret, and so to be found: a search that finds nothing at all proves nothing.
    private readonly string _canary = $"canary-{Guid.NewGuid():n}";

    [Fact]
    public async Task Secrets_AfterAWalk_AreNowhereInClear()
    {
        open.Telemetry.Keep(true);
        await WalkAsync();
        // Call records are shipped and telemetry is sent a moment later.
        await Eventually.HoldsAsync(
            () =>
                new[] { "Identity", "Gateway", "Catalog" }.All(service =>
                    open.Telemetry.Kept.Any(t =>
                        t.Contains(service, StringComparison.OrdinalIgnoreCase)
                    )
                ),
            "the services have sent what they saw"
        );

        var found = new List<string>();
        var canaries = new HashSet<string>(StringComparer.Ordinal);
        long length = 0;
        await foreach (var (where, text) in new Remains(open).ReadAsync())
        {
            length += text.Length;
            found.AddRange(_secrets.FindIn(text).Select(what => $"{what}: {where}"));
            if (text.Contains(_canary, StringComparison.Ordinal))
            {
                canaries.Add(where.Split('/')[0] is "" ? where.Split('/')[^1] : where);
            }
        }

        open.Telemetry.Keep(false);
        output.WriteLine($"{length >> 20} MB; the canary is in: {string.Join(", ", canaries)}");
        found.Distinct().ShouldBeEmpty();
        canaries.ShouldContain("dump of catalogdb");
        canaries.ShouldContain("dump of analyticsdb");
        canaries.Count.ShouldBeGreaterThan(2, "and in files of Postgres or Kafka");
    }

    private async Task WalkAsync()
    {
        var version = await open.Shop.DraftAsync("secrets");
        await open.Shop.SetPoliciesAsync(
            version,
            new JsonObject
            {
                ["type"] = "authentication",
                ["settings"] = JsonNode.Parse(
                    """{"methods":[{"apiKey":{"header":"x-api-key","query":"key"}},{"jwt":{}}]}"""
                ),
            }
        );
        await open.Shop.ServeAsync(version);
        var application = (string)
            (
                await _door.ManageAsync(
                    "catalog",
                    HttpMethod.Post,
                    $"teams/{open.Shop.Team}/applications",
                    new JsonObject { ["name"] = _canary }
                )
            )["id"]!;
        await UseKeysAsync(application);
        await UseClientsAsync(application);
        await UseAssertionAsync(application);
        await UseTeamClientAsync();
        await UseWebhookAsync();
        await UseProviderKeysAsync();
        await UsePasswordAsync(application);
    }

    private async Task UseKeysAsync(string application)
    {
        // Kept for those who ask again with the same key, in the answer that has the secret.
        var made = await ManageAsync(
            $"applications/{application}/api-keys",
            new() { ["environment"] = "sandbox", ["name"] = "test" },
            Guid.NewGuid().ToString()
        );
        var key = (string)made["secret"]!;
        _secrets.Add("an API key", key);
        _secrets.Add("the secret part of an API key", key[^44..]);
        var wrong = key[..^1] + (key[^1] == '0' ? '1' : '0');
        _secrets.Add("a key that is none", wrong);

        await Eventually.HoldsAsync(
            async () => await _door.StatusAsync($"{Path}?key={key}", null) == HttpStatusCode.OK,
            "the key is taken from the query"
        );
        (await _door.StatusAsync(Path, key)).ShouldBe(HttpStatusCode.OK);
        (await _door.StatusAsync(Path, wrong)).ShouldBe(HttpStatusCode.Unauthorized);
        (await _door.StatusAsync($"{Path}?key={wrong}", null)).ShouldBe(
            HttpStatusCode.Unauthorized
        );
        // Where nobody looks for one.
        (await _door.StatusAsync("/demo/nothing-here", key)).ShouldBe(HttpStatusCode.NotFound);
    }

    private async Task UseClientsAsync(string application)
    {
        var made = await ManageAsync(
            $"applications/{application}/oauth-clients",
            new() { ["environment"] = "sandbox", ["name"] = "test" },
            Guid.NewGuid().ToString()
        );
        var client = new TokenClient(
            open,
            (string)made["client"]!["clientId"]!,
            (string)made["clientSecret"]!
        );
        _secrets.Add("a client's secret", client.Secret);
        var token = await client.TokenAsync();
        AddToken("an access token", token);
        using (var request = new HttpRequestMessage(HttpMethod.Get, Path))
        {
            request.Headers.Authorization = new("Bearer", token);
            using var answer = await _door.Client.SendAsync(request);
        }

        await client.RevokeAsync(token);
        await AskAsync(
            ("client_id", client.Id),
            ("client_secret", client.Secret),
            ("grant_type", "client_credentials"),
            ("scope", "nothing.there")
        );
        var wrong = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _secrets.Add("a client's wrong secret", wrong);
        await AskAsync(
            ("client_id", client.Id),
            ("client_secret", wrong),
            ("grant_type", "client_credentials")
        );
    }

    private async Task UseAssertionAsync(string application)
    {
        using var signer = new AssertionSigner();
        _secrets.Add("a client's private key", signer.PrivateKey);
        var made = await ManageAsync(
            $"applications/{application}/oauth-clients",
            new()
            {
                ["environment"] = "sandbox",
                ["name"] = "test",
                ["authentication"] = "private_key_jwt",
                ["jwks"] = signer.PublicKeys(),
            }
        );
        var issuer = (string)
            JsonNode.Parse(
                await _door.Client.GetStringAsync(
                    $"{open.Suite.Address("identity", "https")}/.well-known/openid-configuration"
                )
            )!["issuer"]!;
        var assertion = signer.Sign((string)made["client"]!["clientId"]!, issuer);
        AddToken("a client's assertion", assertion);
        var answer = await AskAsync(
            ("grant_type", "client_credentials"),
            ("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"),
            ("client_assertion", assertion)
        );
        AddToken("its access token", (string)answer["access_token"]!);
    }

    private async Task UseTeamClientAsync()
    {
        var made = await ManageAsync(
            $"teams/{open.Shop.Team}/clients",
            new() { ["name"] = "test", ["roles"] = new JsonArray("viewer") }
        );
        var secret = (string)made["clientSecret"]!;
        _secrets.Add("a team client's secret", secret);
        var token = await open.Suite.TokenAsync(
            (string)made["client"]!["clientId"]!,
            secret,
            "catalog"
        );
        AddToken("a team client's token", token);
        await _door.AskAsync(token, "catalog", HttpMethod.Get, $"teams/{open.Shop.Team}/plans");
        await _door.AskAsync(token, "catalog", HttpMethod.Delete, $"apis/{open.Shop.Api}");
    }

    private async Task UseWebhookAsync()
    {
        var path = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        var made = await _door.ManageAsync(
            "analytics",
            HttpMethod.Post,
            $"teams/{open.Shop.Team}/alert-channels",
            new JsonObject
            {
                ["name"] = "Hook",
                ["kind"] = "webhook",
                ["url"] = $"https://hooks.example/{path}",
            }
        );
        _secrets.Add("a webhook's secret", ((string)made["secret"]!)["whsec_".Length..]);
    }

    private async Task UseProviderKeysAsync()
    {
        var name = $"p-{Guid.NewGuid():n}";
        var team = $"teams/{open.Shop.Team}";
        var connection = await CreateAsync(
            $"{team}/connections",
            new()
            {
                ["name"] = name,
                // Where nobody answers.
                ["custom"] = new JsonObject
                {
                    ["address"] = "http://127.0.0.1:9",
                    ["local"] = true,
                },
            }
        );
        var (first, second) = (NewSecret("a provider's key"), NewSecret("the key after it"));
        var keys = $"{team}/connections/{connection}/keys";
        var key = await CreateAsync(
            keys,
            new()
            {
                ["name"] = "first",
                ["secret"] = new JsonObject { ["key"] = first },
            }
        );
        var token = await _door.Tokens.OfAsync("admin", "aiadapter");
        var tried = await _door.AskAsync(
            token,
            "ai",
            HttpMethod.Post,
            $"{team}/connections/{connection}/test",
            JsonContent.Create(new JsonObject { ["model"] = "plain" })
        );
        tried.Text.ShouldNotContain(first);
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            $"/apisvc/ai/v1/{keys}/{key}/rotate"
        )
        {
            Content = JsonContent.Create(new JsonObject { ["key"] = second }),
            Headers = { Authorization = new("Bearer", token) },
        };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var rotated = await _door.Client.SendAsync(request);
        rotated.StatusCode.ShouldBe(HttpStatusCode.OK, await rotated.Content.ReadAsStringAsync());
    }

    private string NewSecret(string name)
    {
        var secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        _secrets.Add(name, secret);
        return secret;
    }

    private async Task<string> CreateAsync(string path, JsonObject body) =>
        (string)(await _door.ManageAsync("ai", HttpMethod.Post, path, body))["id"]!;

    private async Task UsePasswordAsync(string application)
    {
        var password = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(20));
        _secrets.Add("a password", password);
        var login = $"u-{Guid.NewGuid():n}";
        await ManageAsync(
            "users",
            new()
            {
                ["login"] = login,
                ["name"] = "Ada",
                ["email"] = $"{login}@example.org",
                ["password"] = password,
            }
        );
        var refused = await _door.AskAsync(
            await _door.Tokens.OfAsync("admin", "identity"),
            "identity",
            HttpMethod.Post,
            "users",
            JsonContent.Create(new JsonObject { ["login"] = "?", ["password"] = password })
        );
        refused.Status.ShouldBe(HttpStatusCode.BadRequest);
        var made = await ManageAsync(
            $"applications/{application}/oauth-clients",
            new()
            {
                ["environment"] = "sandbox",
                ["name"] = "web",
                ["grantTypes"] = new JsonArray(
                    "authorization_code",
                    "refresh_token",
                    "urn:ietf:params:oauth:grant-type:device_code"
                ),
                ["redirectUris"] = new JsonArray("https://shop.example/callback"),
            }
        );
        await new PersonWalk(open, _secrets, AddToken).WalkAsync(
            login,
            password,
            (string)made["client"]!["clientId"]!,
            (string)made["clientSecret"]!
        );
    }

    private void AddToken(string name, string token)
    {
        _secrets.Add(name, token);
        _secrets.Add($"the signature of {name}", token.Split('.')[2]);
    }

    private async Task<JsonNode> ManageAsync(string path, JsonObject body, string? key = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/apisvc/identity/v1/{path}")
        {
            Content = JsonContent.Create(body),
            Headers =
            {
                Authorization = new("Bearer", await _door.Tokens.OfAsync("admin", "identity")),
            },
        };
        if (key is not null)
        {
            request.Headers.Add("Idempotency-Key", $"\"{key}\"");
        }

        using var answer = await _door.Client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        answer.StatusCode.ShouldBe(HttpStatusCode.Created, text);
        return JsonNode.Parse(text)!;
    }

    private async Task<JsonNode> AskAsync(params (string Name, string Value)[] form)
    {
        using var answer = await _door.Client.PostAsync(
            $"{open.Suite.Address("identity", "https")}/connect/token",
            new FormUrlEncodedContent(form.Select(p => KeyValuePair.Create(p.Name, p.Value)))
        );
        return JsonNode.Parse(await answer.Content.ReadAsStringAsync())!;
    }
}
