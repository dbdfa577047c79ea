using System.Net;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Tests.Calls;
using ApiSvc.ServiceDefaults.ApiKeys;

namespace ApiSvc.Gateway.Tests.Policies;

public sealed class AccessTests(Lanes lanes)
{
    public static TheoryData<Lane> All => [Lane.Memory, Lane.Http1, Lane.Tls1, Lane.Http2];

    [Theory, MemberData(nameof(All))]
    public async Task Call_RightKey_IsForwardedWithoutIt(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var reply = await scene.SendAsync(lane);
        reply.Status.ShouldBe(200, reply.Body);
        reply.Upstream!.Target.ShouldBe("/items/7");
        reply.Upstream.Header("X-Api-Key").ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_NoKey_Is401WithChallenges(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var reply = await scene.SendAsync(lane, scene.Anonymous());
        reply.Status.ShouldBe(401);
        reply.Problem.ShouldBe("unauthorized");
        reply.Header("WWW-Authenticate")!.ShouldContain("Bearer realm=");
        reply.Header("WWW-Authenticate")!.ShouldContain("ApiKey realm=");
        reply.Upstream.ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_UnknownKey_Is401(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var call = scene.Anonymous().With("X-Api-Key", ApiKeyFormat.Create("sandbox"));
        (await scene.SendAsync(lane, call)).Status.ShouldBe(401);
        (await scene.SendAsync(lane, call.With("X-Api-Key", scene.Key))).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_KeyInQuery_IsForwardedWithoutIt(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { ApiKey = new() { Query = "key" } } },
                    }
                )
        );
        var path = $"/items/7?a=%2f+b&key={scene.Key}&&c";
        var reply = await scene.SendAsync(lane, scene.Anonymous(path: path));
        reply.Status.ShouldBe(200, reply.Body);
        reply.Upstream!.Target.ShouldBe("/items/7?a=%2f+b&&c");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_KeyAsBearerToken_IsForwardedWithoutIt(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var call = scene.Anonymous().With("Authorization", $"bearer {scene.Key}");
        var reply = await scene.SendAsync(lane, call);
        reply.Status.ShouldBe(200, reply.Body);
        reply.Upstream!.Header("Authorization").ShouldBeNull();
        var twice = call.With("Authorization", $"Bearer {scene.Key}");
        (await scene.SendAsync(lane, twice)).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_KeyAsBearerTokenWhereOnlyAFieldIsSet_Is401(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { ApiKey = new() { Header = "k" } } },
                    }
                )
        );
        var call = scene.Anonymous().With("Authorization", $"Bearer {scene.Key}");
        (await scene.SendAsync(lane, call)).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_ExpiredKey_Is401(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var key = ApiKeyFormat.Create("sandbox");
        await scene.PutKeyAsync(key, k => k.ExpiresAt = scene.In(TimeSpan.Zero));
        var call = scene.Anonymous().With("X-Api-Key", key);
        (await scene.SendAsync(lane, call)).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_KeyFromOtherNetwork_Is403(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var key = ApiKeyFormat.Create("sandbox");
        await scene.PutKeyAsync(key, k => k.AllowedNetworks.Add("10.0.0.0/8"));
        var call = scene.Anonymous().With("X-Api-Key", key);
        (await scene.SendAsync(lane, call)).Problem.ShouldBe("address-not-allowed");
        call = call with { Client = IPAddress.Parse("10.1.2.3") };
        (await scene.SendAsync(lane, call)).Status.ShouldBe(200);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_ApplicationGone_Is401AtOnce(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        await lanes.Host.ChangeAsync(
            new Change
            {
                Delete = new() { Kind = (uint)ResourceKind.Application, Id = scene.ApplicationId },
            }
        );
        (await scene.SendAsync(lane)).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_AnonymousAllowed_NeedsNothing(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
            {
                s.Api.PlanIds.Clear();
                s.Add(
                    "authentication",
                    new AuthenticationSettings
                    {
                        Methods = { new AuthenticationMethod { Anonymous = new() } },
                    }
                );
            }
        );
        (await scene.SendAsync(lane, scene.Anonymous())).Status.ShouldBe(200);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_NoSubscription_Is403(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        await lanes.Host.ChangeAsync(
            new Change
            {
                Delete = new()
                {
                    Kind = (uint)ResourceKind.Subscription,
                    Id = scene.Subscription.SubscriptionId,
                },
            }
        );
        var reply = await scene.SendAsync(lane);
        reply.Status.ShouldBe(403);
        reply.Problem.ShouldBe("subscription-required");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_SubscriptionExpiredOrForOtherVersion_Is403(Lane lane)
    {
        var expired = await Scene.PutAsync(
            lanes,
            s => s.Subscription.ExpiresAt = s.In(TimeSpan.Zero)
        );
        (await expired.SendAsync(lane)).Problem.ShouldBe("subscription-required");
        var other = await Scene.PutAsync(lanes, s => s.Subscription.VersionIds.Add(Scene.NewId()));
        (await other.SendAsync(lane)).Problem.ShouldBe("subscription-required");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_OperationOutsideOfPlan_Is403(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Plan.OperationIds.Add(s.Api.Operations[1].Id)
        );
        (await scene.SendAsync(lane)).Problem.ShouldBe("subscription-required");
        (await scene.SendAsync(lane, scene.Call("POST", "/items"))).Status.ShouldBe(200);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_KeyWithoutScope_Is403WithTheScope(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes, s => s.Get.RequiredScopes.Add("items:read"));
        (await scene.SendAsync(lane)).Status.ShouldBe(200, "a key without scopes has them all");
        var key = ApiKeyFormat.Create("sandbox");
        await scene.PutKeyAsync(key, k => k.Scopes.Add("items:write"));
        var reply = await scene.SendAsync(lane, scene.Anonymous().With("X-Api-Key", key));
        reply.Status.ShouldBe(403);
        reply.Problem.ShouldBe("insufficient-scope");
        reply.Header("WWW-Authenticate")!.ShouldContain("scope=\"items:read\"");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_DeniedAddress_Is403BeforeAnythingElse(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "ip-rules",
                    new IpRulesSettings
                    {
                        Allow = { "10.0.0.0/8", "2001:db8::/32" },
                        Deny = { "10.9.0.0/16" },
                    }
                )
        );
        foreach (
            var (address, status) in new[]
            {
                ("10.1.1.1", 200),
                ("10.9.1.1", 403),
                ("192.0.2.1", 403),
                ("2001:db8::1", 200),
            }
        )
        {
            var call = scene.Call() with { Client = IPAddress.Parse(address) };
            (await scene.SendAsync(lane, call)).Status.ShouldBe(status, address);
        }
    }
}
