using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Gateway.Tests.Calls;

namespace ApiSvc.Gateway.Tests.Policies;

public sealed class UpstreamPolicyTests(Lanes lanes)
{
    public static TheoryData<Lane> All => AccessTests.All;

    [Theory, MemberData(nameof(All))]
    public async Task Call_OfAnOperation_GoesToTheUpstreamThatItsPolicyNames(Lane lane)
    {
        var scene = await Scene.PutAsync(
            lanes,
            s =>
            {
                Add(s, "second");
                Add(s, "third");
                s.Add("upstream", new UpstreamSettings { Name = "second" });
                s.Get.Policies.Add(
                    Scene.PolicyOf("upstream", new UpstreamSettings { Name = "third" })
                );
            }
        );

        var own = await scene.SendAsync(lane);
        var versions = await scene.SendAsync(lane, scene.Call("POST", "/items"));

        own.Upstream!.Target.ShouldBe("/third/items/7");
        versions.Upstream!.Target.ShouldBe("/second/items");
    }

    [Fact]
    public async Task Apply_UpstreamThatIsNotThere_SetsTheApiAside()
    {
        var scene = await Scene.PutAsync(
            lanes,
            s => s.Add("upstream", new UpstreamSettings { Name = "elsewhere" })
        );

        (await scene.SendAsync(Lane.Http1)).Problem.ShouldBe("api-quarantined");
    }

    private void Add(Scene scene, string name) =>
        scene.Api.Upstreams.Add(
            new Upstream
            {
                Name = name,
                Addresses = { new UpstreamAddress { Url = $"{lanes.Upstream.Origin}/{name}" } },
            }
        );
}
