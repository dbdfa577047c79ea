using System.Net;
using System.Text;
using ApiSvc.Contracts.Credentials.V1;
using ApiSvc.ServiceDefaults.ApiKeys;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Npgsql;

namespace ApiSvc.Identity.Tests.ApiKeys;

public sealed class ApiKeyTests(SharedIdentity identity)
    : IClassFixture<SharedIdentity>,
        IAsyncLifetime
{
    private readonly IdentityHost _host = identity.Host;
    private readonly ApiCaller _admin = identity.Admin;
    private string _team = null!;
    private string _application = null!;

    public async ValueTask InitializeAsync() =>
        (_team, _application) = await identity.NewApplicationAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData("sandbox")]
    [InlineData("production")]
    public async Task Create_TheKey_HasTheFormWithItsChecksum(string environment)
    {
        var made = await CreateAsync(new { environment, name = "k" });

        var secret = made.ShouldBe(HttpStatusCode.Created)["secret"];
        secret.ShouldStartWith($"ak_{environment}_");
        ApiKeyFormat.TryRead(Encoding.ASCII.GetBytes(secret), out var read).ShouldBeTrue();
        Encoding.ASCII.GetString(read).ShouldBe(environment);
        var other = secret[^1] == '0' ? '1' : '0';
        ApiKeyFormat.TryRead(Encoding.ASCII.GetBytes(secret[..^1] + other), out _).ShouldBeFalse();
        var key = made.Body.GetProperty("apiKey");
        key.GetProperty("visiblePrefix").GetString().ShouldBe(ApiKeyFormat.VisiblePrefix(secret));
        made.Location!.ToString().ShouldBe($"/v1/api-keys/{key.GetProperty("id").GetString()}");
    }

    [Fact]
    public async Task Create_TheKey_IsShownOnceAndKeptAsItsHash()
    {
        var (id, secret) = await _admin.CreateKeyAsync(_application);

        var read = await _admin.GetAsync($"/v1/api-keys/{id}");
        var list = await _admin.GetAsync($"/v1/applications/{_application}/api-keys");
        read.ShouldBe(HttpStatusCode.OK).Text.ShouldNotContain(secret);
        list.Text.ShouldContain(id);
        list.Text.ShouldNotContain(secret);
        list.Text.ShouldNotContain("sha256");
        string.Join('\n', _host.Logs.All).ShouldNotContain(secret);
        await using var db = new NpgsqlConnection(_host.ConnectionString);
        (
            await db.ExecuteScalarAsync<byte[]>(
                "select sha256 from api_keys where id = @id",
                new { id = Id<KeyKind>.Parse(id).Value }
            )
        ).ShouldBe(ApiKeyFormat.Hash(secret));
        var stored = await db.QueryAsync<string>(
            """
            select row_to_json(k)::text from api_keys k
            union all select row_to_json(a)::text from service.audit_log a
            union all select encode(payload, 'escape') from service.outbox
            """
        );
        stored.ShouldAllBe(row => !row.Contains(secret));
    }

    [Fact]
    public async Task Create_SameIdempotencyKey_GivesTheSameKeyAgain()
    {
        var path = $"/v1/applications/{_application}/api-keys";
        var body = new { environment = "sandbox", name = "once" };

        var first = await _admin.PostAsync(path, body, key: "k-1");
        var again = await _admin.PostAsync(path, body, key: "k-1");

        again["secret"].ShouldBe(first["secret"]);
        (await _admin.GetAsync(path)).Body.GetProperty("items").GetArrayLength().ShouldBe(1);
    }

    [Fact]
    public async Task Create_WithBounds_ShowsThem()
    {
        var expiresAt = DateTimeOffset.UtcNow.AddDays(30);

        var made = await CreateAsync(
            new
            {
                environment = "sandbox",
                name = "bound",
                expiresAt,
                allowedNetworks = new[] { "192.0.2.0/24", "2001:db8::/32" },
                scopes = new[] { "orders.read" },
            }
        );

        var key = made.ShouldBe(HttpStatusCode.Created).Body.GetProperty("apiKey");
        key.GetProperty("expiresAt")
            .GetDateTimeOffset()
            .ShouldBe(expiresAt, TimeSpan.FromMilliseconds(1));
        key.GetProperty("allowedNetworks").ToString().ShouldContain("2001:db8::/32");
        key.GetProperty("scopes")[0].GetString().ShouldBe("orders.read");
    }

    [Theory]
    [InlineData("""{"environment":"moon","name":""}""", "#/environment", "#/name")]
    [InlineData(
        """{"environment":"sandbox","name":"k","expiresAt":"2020-01-01T00:00:00Z"}""",
        "#/expiresAt"
    )]
    [InlineData(
        """{"environment":"sandbox","name":"k","allowedNetworks":["192.0.2.1/24"]}""",
        "#/allowedNetworks"
    )]
    [InlineData(
        """{"environment":"sandbox","name":"k","scopes":["a","a"],"secret":"mine"}""",
        "#/scopes",
        "#/secret"
    )]
    public async Task Create_Garbage_TellsAllViolations(string body, params string[] at)
    {
        var answer = await CreateAsync(body);

        answer
            .ShouldBe(HttpStatusCode.BadRequest)
            .Body.GetProperty("errors")
            .EnumerateArray()
            .Select(e => e.GetProperty("location").GetString())
            .ShouldBe(at, ignoreOrder: true);
    }

    [Fact]
    public async Task Create_ForAnApplicationThatNobodyKnows_IsNotFound()
    {
        var unknown = _application[..^1] + (_application[^1] == '0' ? '1' : '0');

        (
            await _admin.PostAsync(
                $"/v1/applications/{unknown}/api-keys",
                new { environment = "sandbox", name = "k" }
            )
        ).ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Revoke_AKey_StaysInTheListAndTwiceIsOnce()
    {
        var (id, _) = await _admin.CreateKeyAsync(_application);
        var (other, _) = await _admin.CreateKeyAsync(_application);

        var first = await _admin.PostAsync($"/v1/api-keys/{id}/revoke");
        var again = await _admin.PostAsync($"/v1/api-keys/{id}/revoke");

        again.ShouldBe(HttpStatusCode.OK).Text.ShouldBe(first.Text);
        var list = await _admin.GetAsync($"/v1/applications/{_application}/api-keys");
        list.Body.GetProperty("items")
            .EnumerateArray()
            .Select(k =>
                (
                    k.GetProperty("id").GetString(),
                    k.GetProperty("revokedAt").ValueKind != System.Text.Json.JsonValueKind.Null
                )
            )
            .ShouldBe([(id, true), (other, false)]);
    }

    [Fact]
    public async Task DeletedApplication_ItsKeys_AreRevokedAndNoneAreMade()
    {
        var (id, _) = await _admin.CreateKeyAsync(_application);

        await _host.DeleteApplicationAsync(_application, _team);

        (await _admin.GetAsync($"/v1/api-keys/{id}"))["revokedAt"].ShouldNotBeNull();
        (await CreateAsync(new { environment = "sandbox", name = "late" })).ShouldBe(
            HttpStatusCode.NotFound
        );
    }

    private Task<Answer> CreateAsync(object body) =>
        _admin.PostAsync($"/v1/applications/{_application}/api-keys", body);

    [Fact]
    public async Task ReportKeyUse_OfGateways_ShowsTheLatestTime()
    {
        var (id, _) = await _admin.CreateKeyAsync(_application);
        var (other, _) = await _admin.CreateKeyAsync(_application);
        var now = _host.Time.GetUtcNow();

        await ReportAsync(id, now.AddMinutes(-2), now.AddMinutes(-1));
        await ReportAsync(id, now.AddMinutes(-5));
        (await UsedAsync(id))!.Value.ShouldBe(now.AddMinutes(-1), TimeSpan.FromMilliseconds(1));
        (await UsedAsync(other)).ShouldBeNull();

        // A gateway's clock may be ahead.
        await ReportAsync(id, now.AddDays(1));
        (await UsedAsync(id))!.Value.ShouldBeLessThanOrEqualTo(_host.Time.GetUtcNow());
    }

    [Fact]
    public async Task ReportKeyUse_ByATeam_IsRefused()
    {
        var owner = await _host.MemberAsync(_admin, _team, "owner");

        var refused = await Should.ThrowAsync<RpcException>(async () =>
            await new Credentials.CredentialsClient(_host.Grpc).ReportKeyUseAsync(
                new(),
                owner.Headers
            )
        );

        refused.StatusCode.ShouldBe(StatusCode.PermissionDenied);
    }

    private async Task ReportAsync(string id, params DateTimeOffset[] times)
    {
        var gateway = await _host.CallerAsync("catalog", IdentityHost.Secret);
        await new Credentials.CredentialsClient(_host.Grpc).ReportKeyUseAsync(
            new()
            {
                Uses =
                {
                    times.Select(t => new KeyUse
                    {
                        KeyId = ByteString.CopyFrom(
                            Id<KeyKind>.Parse(id).Value.ToByteArray(bigEndian: true)
                        ),
                        UsedAt = t.ToTimestamp(),
                    }),
                },
            },
            gateway.Headers
        );
    }

    private async Task<DateTimeOffset?> UsedAsync(string id)
    {
        var used = (await _admin.GetAsync($"/v1/api-keys/{id}")).Body.GetProperty("lastUsedAt");
        return used.ValueKind == System.Text.Json.JsonValueKind.Null
            ? null
            : used.GetDateTimeOffset();
    }
}
