using System.Net;
using System.Text.Json;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Tests.GatewayCredentials;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.Testing;
using Dapper;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using Npgsql;

namespace ApiSvc.Identity.Tests.Keys;

/// <summary>The life of signing keys: published, signing, retired, removed.</summary>
public sealed class KeyRotationTests : IAsyncLifetime
{
    private static readonly SigningKeyOptions Times = new();

    private IdentityHost _host = null!;
    private ApiCaller _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await IdentityHost.StartReadyAsync();
        _admin = await _host.AdminAsync();
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    [Fact]
    public async Task Schedule_ThroughTwoLives_PublishesSignsRetiresAndRemoves()
    {
        var first = await StateAsync();
        first.Phases.ShouldBe(["next", "next", "signing", "signing"]);
        (await SetAsync()).ShouldBe(first.All, ignoreOrder: true);

        await PassAsync(Times.RotateEvery - TimeSpan.FromMinutes(1));
        (await StateAsync()).All.ShouldBe(first.All, ignoreOrder: true);

        await PassAsync(TimeSpan.FromMinutes(2));
        var second = await StateAsync();
        second.Signing.ShouldBe(first.Next, ignoreOrder: true);
        second.Retired.ShouldBe(first.Signing, ignoreOrder: true);
        // What was published is still, and new ones are, before they sign.
        (await SetAsync()).ShouldBe([.. first.All, .. second.Next], ignoreOrder: true);
        KeyOf(await _host.TokenAsync("admin", IdentityHost.Secret))
            .ShouldBeOneOf([.. second.Signing]);

        await PassAsync(Times.KeepRetired + TimeSpan.FromMinutes(1));
        var third = await StateAsync();
        third.All.ShouldBe([.. second.Signing, .. second.Next], ignoreOrder: true);
        (await ActionsAsync()).ShouldBe(
            ["signing-key.create", "signing-key.sign", "signing-key.remove"],
            ignoreOrder: true
        );
    }

    [Fact]
    public async Task Rotate_OfKeysJustPublished_WaitsUntilTheyAreKnown()
    {
        var first = await StateAsync();

        (await _admin.PostAsync("/v1/signing-keys/rotate")).ShouldBe(HttpStatusCode.OK);
        (await _admin.PostAsync("/v1/signing-keys/rotate")).ShouldBe(HttpStatusCode.OK);

        var decided = await StateAsync();
        decided.Signing.ShouldBe(first.Signing, ignoreOrder: true);
        decided.Next.Count.ShouldBe(4, "the second time nothing more was decided");
        var old = await _host.TokenAsync("admin", IdentityHost.Secret);
        KeyOf(old).ShouldBeOneOf([.. first.Signing]);

        _host.Time.Advance(Times.PublishAhead);
        var admin = await _host.AdminAsync();
        KeyOf(admin.Token).ShouldBeOneOf([.. first.Next]);
        (await admin.GetAsync("/v1/roles")).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Revoke_OfTheKeyThatSigns_EndsItsTokensAndTheNextSigns()
    {
        using var gateway = await CredentialFollower.OpenAsync(_host);
        var before = await StateAsync();
        var signing = KeyOf(_admin.Token);

        (await _admin.PostAsync($"/v1/signing-keys/{signing}/revoke")).ShouldBe(HttpStatusCode.OK);

        await Eventually.GetAsync(
            () => _admin.GetAsync("/v1/roles"),
            a => a.Status == HttpStatusCode.Unauthorized
        );
        var after = await _host.AdminAsync();
        KeyOf(after.Token).ShouldBeOneOf([.. before.Next]);
        (await after.GetAsync("/v1/roles")).ShouldBe(HttpStatusCode.OK);
        (await SetAsync()).ShouldNotContain(signing);
        await gateway.UntilAsync(() =>
            !gateway
                .Get<Issuer>(CredentialKind.Issuer, IdentityHost.Issuer)
                .Jwks.ToStringUtf8()
                .Contains(signing)
        );
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        (
            await db.QuerySingleAsync<(string, string)>(
                "select actor, object_id from service.audit_log where action = 'signing-key.revoke'"
            )
        ).ShouldBe(("admin", signing));
        (await after.PostAsync($"/v1/signing-keys/{signing}/revoke")).ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    [Fact]
    public async Task Revoke_OfOthers_LeavesWhoSigns()
    {
        var signing = KeyOf(_admin.Token);
        var before = await StateAsync();
        foreach (var next in before.Next)
        {
            (await _admin.PostAsync($"/v1/signing-keys/{next}/revoke")).ShouldBe(HttpStatusCode.OK);
        }

        var after = await StateAsync();

        after.Signing.ShouldBe(before.Signing, ignoreOrder: true);
        after.Next.Count.ShouldBe(2);
        after.Next.ShouldNotContain(id => before.Next.Contains(id));
        KeyOf(await _host.TokenAsync("admin", IdentityHost.Secret)).ShouldBe(signing);
    }

    [Fact]
    public async Task Rotate_OfTwoInstances_IsOneRotationAndBothAgree()
    {
        await using var other = await IdentityHost.StartReadyAsync(
            _host.ConnectionString,
            ("SigningKeys:PublishAhead", "00:00:00")
        );
        var admin = await other.AdminAsync();

        await Task.WhenAll(
            admin.PostAsync("/v1/signing-keys/rotate"),
            TurnAsync(_host),
            TurnAsync(other)
        );

        var state = await StateAsync();
        state.Phases.ShouldBe(["next", "next", "retired", "retired", "signing", "signing"]);
        await Eventually.HoldsAsync(
            async () =>
                KeyOf(await _host.TokenAsync("admin", IdentityHost.Secret))
                == KeyOf(await other.TokenAsync("admin", IdentityHost.Secret)),
            "both sign with the same"
        );
        (
            await new ApiCaller(_host.Http, (await other.AdminAsync()).Token).GetAsync("/v1/roles")
        ).ShouldBe(HttpStatusCode.OK);
        (
            await new ApiCaller(other.Http, (await _host.AdminAsync()).Token).GetAsync("/v1/roles")
        ).ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Keys_OfBothAlgorithms_ArePublishedAndTheClientSaysWhichSigns()
    {
        using var set = JsonDocument.Parse(
            await _host.Http.GetStringAsync("/.well-known/jwks.json")
        );
        set.RootElement.GetProperty("keys")
            .EnumerateArray()
            .Select(k => $"{k.GetProperty("kty")} {k.GetProperty("alg")}")
            .Order()
            .ShouldBe(["EC ES256", "EC ES256", "RSA RS256", "RSA RS256"]);
        var application = _host.AddApplication(await _admin.CreateTeamAsync("signed"));
        var made = await _admin.PostAsync(
            $"/v1/applications/{application}/oauth-clients",
            new
            {
                environment = "sandbox",
                name = "client",
                accessTokenSigningAlg = "RS256",
            }
        );
        made.ShouldBe(HttpStatusCode.Created);
        var id = made.Body.GetProperty("client").GetProperty("clientId").GetString()!;

        var token = new JsonWebToken(await _host.TokenAsync(id, made["clientSecret"]));

        token.Alg.ShouldBe("RS256");
        (
            await _host.PostFormAsync(
                "/connect/introspect",
                IdentityHost.Basic(id, made["clientSecret"]),
                ("token", token.EncodedToken)
            )
        )
            .Body.GetProperty("active")
            .GetBoolean()
            .ShouldBeTrue();
        (
            await _admin.PutAsync(
                $"/v1/oauth-clients/{id}",
                new
                {
                    environment = "sandbox",
                    name = "client",
                    idTokenSignedResponseAlg = "none",
                },
                "*"
            )
        ).ShouldBe(HttpStatusCode.BadRequest);
    }

    private async Task PassAsync(TimeSpan time)
    {
        _host.Time.Advance(time);
        await TurnAsync(_host);
        _admin = await _host.AdminAsync();
    }

    private static async Task TurnAsync(IdentityHost host)
    {
        await using var scope = host.Services.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<SigningKeyRotation>()
            .TurnAsync(Actor.System("identity"), CancellationToken.None);
    }

    private static string KeyOf(string token) => new JsonWebToken(token).Kid;

    private async Task<KeyState> StateAsync()
    {
        var answer = await _admin.GetAsync("/v1/signing-keys");
        var all = answer
            .ShouldBe(HttpStatusCode.OK)
            .Body.GetProperty("items")
            .EnumerateArray()
            .Select(k =>
                (
                    Id: k.GetProperty("keyId").GetString()!,
                    Phase: k.GetProperty("phase").GetString()!
                )
            )
            .ToList();
        // What this instance signs with and shows is what is there.
        var keys = _host.Services.GetRequiredService<SigningKeys>();
        await Eventually.HoldsAsync(
            () => keys.All.Select(k => k.Row.KeyId).ToHashSet().SetEquals(all.Select(k => k.Id)),
            "the instance has read them"
        );
        return new(all);
    }

    private async Task<List<string>> SetAsync()
    {
        using var set = JsonDocument.Parse(
            await _host.Http.GetStringAsync("/.well-known/jwks.json")
        );
        return
        [
            .. set
                .RootElement.GetProperty("keys")
                .EnumerateArray()
                .Select(k => k.GetProperty("kid").GetString()!),
        ];
    }

    private async Task<List<string>> ActionsAsync()
    {
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        return (
            await db.QueryAsync<string>(
                "select distinct action from service.audit_log where object_kind = 'signing-key'"
            )
        ).AsList();
    }

    private sealed record KeyState(IReadOnlyList<(string Id, string Phase)> Keys)
    {
        public List<string> All => [.. Keys.Select(k => k.Id)];

        public List<string> Next => In("next");

        public List<string> Signing => In("signing");

        public List<string> Retired => In("retired");

        public List<string> Phases => [.. Keys.Select(k => k.Phase).Order(StringComparer.Ordinal)];

        private List<string> In(string phase) =>
            [.. Keys.Where(k => k.Phase == phase).Select(k => k.Id)];
    }
}
