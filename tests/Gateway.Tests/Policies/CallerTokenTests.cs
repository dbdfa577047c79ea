using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using Google.Protobuf;

namespace ApiSvc.Gateway.Tests.Policies;

public sealed class CallerTokenTests(Lanes lanes)
{
    private const string Service = "apisvc://aiadapter";

    public static TheoryData<Lane> All => [Lane.Http1, Lane.Tls1, Lane.Http2];

    [Theory, MemberData(nameof(All))]
    public async Task Call_OfAnApiOfTheSuite_GoesToItsServingPathWithASignedCaller(Lane lane)
    {
        var scene = await PutAsync();

        var reply = await scene.SendAsync(
            lane,
            scene.Call().With("X-Apisvc-Caller", "eyJ.forged.by-a-client")
        );

        reply.Status.ShouldBe(200, reply.Body);
        reply.Upstream!.Target.ShouldBe("/serve/v1/items/7");
        var token = reply.Upstream.Header("X-Apisvc-Caller").ShouldNotBeNull();
        Verify(token, lanes.CallerKey).ShouldBeTrue();
        var (head, claims) = (Part(token, 0), Part(token, 1));
        head.GetProperty("typ").GetString().ShouldBe("apisvc-caller+jwt");
        head.GetProperty("kid").GetString().ShouldBe(Thumbprint(lanes.CallerKey));
        claims.GetProperty("aud").GetString().ShouldBe("aiadapter");
        claims.GetProperty("api").GetGuid().ShouldBe(Id(scene.Api.ApiId));
        claims.GetProperty("version").GetGuid().ShouldBe(Id(scene.Api.VersionId));
        claims.GetProperty("api_team").GetGuid().ShouldBe(Id(scene.Api.TeamId));
        claims.GetProperty("application").GetGuid().ShouldBe(Id(scene.ApplicationId));
        claims
            .GetProperty("subscription")
            .GetGuid()
            .ShouldBe(Id(scene.Subscription.SubscriptionId));
        claims.GetProperty("plan").GetGuid().ShouldBe(Id(scene.PlanId));
        claims.GetProperty("credential").GetString().ShouldBe("ak_sandbox_visible");
        var now = lanes.Now.ToUnixTimeSeconds();
        claims.GetProperty("exp").GetInt64().ShouldBe(now + 300);
        token.ShouldNotContain(scene.Key);
    }

    [Fact]
    public async Task Calls_OfOneCaller_AreToldByTheSameTokenAndOfAnotherByAnother()
    {
        var scene = await PutAsync();
        var key = ServiceDefaults.ApiKeys.ApiKeyFormat.Create("sandbox");
        await scene.PutKeyAsync(key, k => k.VisiblePrefix = "ak_sandbox_another1");

        var first = await TokenAsync(scene, scene.Call());
        var again = await TokenAsync(scene, scene.Call());
        var other = await TokenAsync(scene, scene.Anonymous().With("X-Api-Key", key));

        again.ShouldBe(first);
        Part(other, 1).GetProperty("credential").GetString().ShouldBe("ak_sandbox_another1");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_OfAnotherUpstream_CarriesNoCaller(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);

        var reply = await scene.SendAsync(lane, scene.Call().With("x-apisvc-caller", "forged"));

        reply.Upstream!.Header("X-Apisvc-Caller").ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_OfWhatCallsBack_CarriesTheCredentialToo(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Api.Upstreams[0].Addresses[0].Url = $"{Service}/mcp/{Guid.NewGuid()}"
        );

        var key = await scene.SendAsync(lane);
        var bearer = await scene.SendAsync(
            lane,
            scene.Anonymous().With("Authorization", $"Bearer {scene.Key}")
        );
        var wrong = await scene.SendAsync(
            lane,
            scene.Anonymous().With("X-Api-Key", "ak_sandbox_wrong")
        );

        key.Upstream!.Header("X-Api-Key").ShouldBe(scene.Key);
        bearer.Upstream!.Header("Authorization").ShouldBe($"Bearer {scene.Key}");
        wrong.Status.ShouldBe(401);
    }

    [Fact]
    public async Task Apply_ServiceThatTheSuiteDoesNotHave_SetsTheApiAside()
    {
        var scene = await PutAsync("apisvc://identity");

        (await scene.SendAsync(Lane.Http1)).Problem.ShouldBe("api-quarantined");
    }

    [Fact]
    public async Task Apply_ServiceBesideAnotherAddress_SetsTheApiAside()
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Api.Upstreams[0].Addresses.Add(new UpstreamAddress { Url = Service })
        );

        (await scene.SendAsync(Lane.Http1)).Problem.ShouldBe("api-quarantined");
    }

    private Task<Scene> PutAsync(string service = Service) =>
        Scene.PutAsync(lanes, s => s.Api.Upstreams[0].Addresses[0].Url = service + "/v1");

    private static async Task<string> TokenAsync(Scene scene, Call call) =>
        (await scene.SendAsync(Lane.Http1, call))
            .Upstream!.Header("X-Apisvc-Caller")
            .ShouldNotBeNull();

    private static bool Verify(string token, ECDsa key)
    {
        var end = token.LastIndexOf('.');
        return key.VerifyData(
            Encoding.ASCII.GetBytes(token[..end]),
            Base64Url.DecodeFromChars(token.AsSpan(end + 1)),
            HashAlgorithmName.SHA256
        );
    }

    // RFC 7638: SHA-256 of the members that make the key, in their order, without spaces.
    private static string Thumbprint(ECDsa key)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        var (x, y) = (Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y));
        return Base64Url.EncodeToString(
            SHA256.HashData(
                Encoding.ASCII.GetBytes($$"""{"crv":"P-256","kty":"EC","x":"{{x}}","y":"{{y}}"}""")
            )
        );
    }

    private static JsonElement Part(string token, int index) =>
        JsonDocument.Parse(Base64Url.DecodeFromChars(token.Split('.')[index])).RootElement;

    private static Guid Id(ByteString bytes) => new(bytes.Span, bigEndian: true);
}
