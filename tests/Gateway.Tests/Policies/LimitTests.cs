using System.Net;
using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Gateway.Tests.Policies;

public sealed class LimitTests(Lanes lanes)
{
    public static TheoryData<Lane> All => AccessTests.All;

    [Theory, MemberData(nameof(All))]
    public async Task Call_OverThePlansLimit_Is429WithFields(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes, s => s.Plan.Limits.Add(PerMinute(60, burst: 2)));
        var first = await scene.SendAsync(lane);
        first.Status.ShouldBe(200);
        first.Header("RateLimit-Policy").ShouldBe("\"plan\";q=60;w=60");
        first.Header("RateLimit")!.ShouldStartWith("\"plan\";r=1;t=");
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        var refused = await scene.SendAsync(lane);
        refused.Status.ShouldBe(429);
        refused.Problem.ShouldBe("limit-exceeded");
        refused.Header("Retry-After").ShouldBe("1");
        refused.Header("RateLimit")!.ShouldStartWith("\"plan\";r=0;t=");
        refused.Upstream.ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_OverTheQuota_Is429UntilTheWindowEnds(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Plan.Quotas.Add(new Quota { Count = 1, Window = Quota.Types.Window.Hour })
        );
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        var refused = await scene.SendAsync(lane);
        refused.Problem.ShouldBe("quota-exceeded");
        // It is 05:06:07.
        refused.Header("Retry-After").ShouldBe("3233");
        refused.Header("RateLimit-Policy").ShouldBe("\"plan\";q=1;w=3600");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_AddressLimit_ComesBeforeAuthentication(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "limit",
                    new LimitSettings { Limit = PerMinute(1, 1), CountedBy = CountedBy.Address }
                )
        );
        var one = scene.Anonymous() with { Client = IPAddress.Parse("10.5.0.1") };
        (await scene.SendAsync(lane, one)).Status.ShouldBe(401);
        (await scene.SendAsync(lane, one)).Status.ShouldBe(429);
        var other = one with { Client = IPAddress.Parse("10.5.0.2") };
        (await scene.SendAsync(lane, other)).Status.ShouldBe(401);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_SeveralLimits_TheStrictestIsTold(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
            {
                s.Plan.Limits.Add(PerMinute(100, 100));
                s.Add(
                    "limit",
                    new LimitSettings { Limit = PerMinute(4, 4), CountedBy = CountedBy.Operation }
                );
            }
        );
        (await scene.SendAsync(lane)).Header("RateLimit-Policy").ShouldBe("\"operation\";q=4;w=60");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_NewRevision_GoesOnCounting(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "limit",
                    new LimitSettings { Limit = PerMinute(1, 1), CountedBy = CountedBy.Api }
                )
        );
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        scene.Api.Revision = 2;
        await lanes.Host.PutAsync(scene.Api);
        (await scene.SendAsync(lane)).Status.ShouldBe(429);
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_EqualLimitsOfTwoLevels_AreCountedApart(Lane lane)
    {
        var settings = new LimitSettings { Limit = PerMinute(2, 2), CountedBy = CountedBy.Api };
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Add("limit", settings).Add("limit", settings)
        );
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        (await scene.SendAsync(lane)).Status.ShouldBe(200);
        (await scene.SendAsync(lane)).Status.ShouldBe(429);
    }

    private static Limit PerMinute(ulong rate, ulong burst) =>
        new()
        {
            Rate = rate,
            Burst = burst,
            Period = Duration.FromTimeSpan(TimeSpan.FromMinutes(1)),
        };
}
