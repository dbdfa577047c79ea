using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Gateway.Tests.Policies;

public sealed class ShapingTests(Lanes lanes)
{
    public static TheoryData<Lane> All => AccessTests.All;

    [Theory, MemberData(nameof(All))]
    public async Task Call_HeaderChanges_AreAppliedBothWays(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Add(
                    "headers",
                    new HeadersSettings
                    {
                        Request =
                        {
                            Change(HeaderChange.Types.Action.Set, "X-Set", "new"),
                            Change(HeaderChange.Types.Action.Add, "X-Add", "more"),
                            Change(HeaderChange.Types.Action.Remove, "X-Gone"),
                            Change(HeaderChange.Types.Action.Default, "X-Default", "no"),
                            Change(HeaderChange.Types.Action.Default, "X-Absent", "yes"),
                        },
                        Response = { Change(HeaderChange.Types.Action.Remove, "X-Powered-By") },
                    }
                )
        );
        var call = scene
            .Call()
            .With("X-Set", "old")
            .With("X-Add", "one")
            .With("X-Gone", "1")
            .With("X-Default", "own") with
        {
            UpstreamHeaders = [("X-Powered-By", "it"), ("X-Kept", "a")],
        };
        var reply = await scene.SendAsync(lane, call);
        reply.Upstream!.Header("X-Set").ShouldBe("new");
        reply
            .Upstream.Header("X-Add")!
            .Replace(" ", "", StringComparison.Ordinal)
            .ShouldBe("one,more");
        reply.Upstream.Header("X-Gone").ShouldBeNull();
        reply.Upstream.Header("X-Default").ShouldBe("own");
        reply.Upstream.Header("X-Absent").ShouldBe("yes");
        reply.Header("X-Powered-By").ShouldBeNull();
        reply.Header("X-Kept").ShouldBe("a");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_PathTemplate_GivesTheUpstreamAnotherPath(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
                s.Get.Policies.Add(
                    Scene.PolicyOf("path", new PathSettings { Template = "/v2/{id}/item" })
                )
        );
        var reply = await scene.SendAsync(lane, scene.Call(path: "/items/a%20b?x=%7e"));
        reply.Upstream!.Target.ShouldBe("/v2/a%20b/item?x=%7e");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Preflight_AllowedOrigin_IsAnsweredWithoutKey(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Add("cors", new CorsSettings { AllowedOrigins = { "https://app.example" } })
        );
        var ask = scene
            .Anonymous("OPTIONS")
            .With("Access-Control-Request-Method", "GET")
            .With("Access-Control-Request-Headers", "x-api-key");
        var yes = await scene.SendAsync(lane, ask.With("Origin", "https://app.example"));
        yes.Status.ShouldBe(204);
        yes.Header("Access-Control-Allow-Origin").ShouldBe("https://app.example");
        yes.Header("Access-Control-Allow-Methods").ShouldBe("GET, HEAD");
        yes.Header("Access-Control-Allow-Headers").ShouldBe("x-api-key");
        yes.Header("Vary").ShouldBe("Origin");
        var no = await scene.SendAsync(lane, ask.With("Origin", "https://evil.example"));
        no.Header("Access-Control-Allow-Origin").ShouldBeNull();
        no.Upstream.ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_RefusedOrNot_TellsTheOriginAndDropsTheUpstreamsWord(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Add("cors", new CorsSettings { AllowedOrigins = { "https://app.example" } })
        );
        var refused = await scene.SendAsync(
            lane,
            scene.Anonymous().With("Origin", "https://app.example")
        );
        refused.Status.ShouldBe(401);
        refused.Header("Access-Control-Allow-Origin").ShouldBe("https://app.example");
        var other = await scene.SendAsync(
            lane,
            scene.Call().With("Origin", "https://evil.example") with
            {
                UpstreamHeaders = [("Access-Control-Allow-Origin", "*")],
            }
        );
        other.Status.ShouldBe(200);
        other.Header("Access-Control-Allow-Origin").ShouldBeNull();
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_DeprecatedVersion_SaysSo(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
            {
                s.Api.DeprecatedAt = Timestamp.FromDateTime(DateTime.UnixEpoch.AddSeconds(5));
                s.Api.SunsetAt = Timestamp.FromDateTime(DateTime.UnixEpoch);
                s.Api.DeprecationLink = "https://docs.example/next";
            }
        );
        var reply = await scene.SendAsync(lane);
        reply.Header("Deprecation").ShouldBe("@5");
        reply.Header("Sunset").ShouldBe("Thu, 01 Jan 1970 00:00:00 GMT");
        reply.Header("Link").ShouldBe("<https://docs.example/next>; rel=\"deprecation\"");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_UnknownPathOrMethod_Is404Or405(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes);
        var unknown = await scene.SendAsync(lane, scene.Call(path: "/nothing"));
        unknown.Status.ShouldBe(404);
        unknown.Problem.ShouldBe("not-found");
        var wrong = await scene.SendAsync(lane, scene.Call("DELETE"));
        wrong.Status.ShouldBe(405);
        wrong.Header("Allow").ShouldBe("GET, HEAD");
        (await scene.SendAsync(lane, new Call("GET", "/no/api"))).Problem.ShouldBe("not-found");
        var ambiguous = await scene.SendAsync(lane, scene.Call(path: "/items/a%2fb"));
        ambiguous.Problem.ShouldBe("bad-request");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_SuspendedOrRetired_Is503Or410(Lane lane)
    {
        var scene = await Scene.PutAsync(lanes, s => s.Api.Availability = Availability.Suspended);
        var suspended = await scene.SendAsync(lane);
        suspended.Status.ShouldBe(503);
        suspended.Problem.ShouldBe("api-suspended");
        scene.Api.Availability = Availability.Retired;
        scene.Api.DeprecationLink = "https://docs.example/next";
        await lanes.Host.PutAsync(scene.Api);
        var retired = await scene.SendAsync(lane);
        retired.Status.ShouldBe(410);
        retired.Problem.ShouldBe("api-retired");
        retired.Header("Link")!.ShouldContain("https://docs.example/next");
    }

    [Theory, MemberData(nameof(All))]
    public async Task Call_VersionsByHeader_AreToldApart(Lane lane)
    {
        var one = await Scene.PutAsync(
            lanes,
            s => s.Api.VersionSelector = Selector("1", isDefault: true)
        );
        var two = await Scene.PutAsync(
            lanes,
            s =>
            {
                s.Api.BasePath = one.Api.BasePath;
                s.Api.VersionSelector = Selector("2", isDefault: false);
            }
        );
        (await one.SendAsync(lane)).Status.ShouldBe(200);
        (await two.SendAsync(lane)).Status.ShouldBe(403, "its key is for the other version");
        (await two.SendAsync(lane, two.Call().With("Api-Version", "2"))).Status.ShouldBe(200);
        (await two.SendAsync(lane, two.Call().With("Api-Version", "3"))).Status.ShouldBe(404);
    }

    private static VersionSelector Selector(string value, bool isDefault) =>
        new()
        {
            Source = VersionSelector.Types.Source.Header,
            Name = "Api-Version",
            Value = value,
            IsDefault = isDefault,
        };

    private static HeaderChange Change(
        HeaderChange.Types.Action action,
        string name,
        string value = ""
    ) =>
        new()
        {
            Action = action,
            Name = name,
            Value = value,
        };
}
