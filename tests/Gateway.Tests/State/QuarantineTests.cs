using ApiSvc.Contracts.GatewayConfig.V1;
using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Tests.Calls;
using Google.Protobuf;

namespace ApiSvc.Gateway.Tests.State;

public sealed class QuarantineTests(Lanes lanes)
{
    [Fact]
    public async Task Apply_UnknownPolicyFeatureOrBody_SetsAsideOnlyThat()
    {
        var neighbour = await Scene.PutAsync(lanes);
        var unknown = await Scene.PutAsync(
            lanes,
            s => s.Api.Policies.Add(new Policy { Type = "telepathy" })
        );
        var answer = await unknown.SendAsync(Lane.Http1);
        answer.Status.ShouldBe(503);
        answer.Problem.ShouldBe("api-quarantined");

        var feature = await Scene.PutAsync(lanes);
        var resource = GatewayHost.ResourceOf(feature.Api);
        resource.RequiredFeatures.Add("policy.telepathy");
        var setAside = await lanes.Host.ChangeAsync(new Change { Put = resource });
        setAside.ShouldContain(q => q.Resource.Id == feature.Api.VersionId);
        (await feature.SendAsync(Lane.Http1)).Problem.ShouldBe("api-quarantined");

        var garbage = await Scene.PutAsync(lanes);
        resource = GatewayHost.ResourceOf(garbage.Api);
        resource.Body = ByteString.CopyFrom(0xFF, 0xFF, 0xFF);
        await lanes.Host.ChangeAsync(new Change { Put = resource });
        (await garbage.SendAsync(Lane.Http1)).Problem.ShouldBe("api-quarantined");

        (await neighbour.SendAsync(Lane.Http1)).Status.ShouldBe(200);

        // Repaired, it is served again and no longer named.
        setAside = await lanes.Host.PutAsync(garbage.Api);
        setAside.ShouldNotContain(q => q.Resource.Id == garbage.Api.VersionId);
        (await garbage.SendAsync(Lane.Http1)).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData(77U, 16)]
    [InlineData((uint)ResourceKind.Plan, 3)]
    public async Task Apply_DeletionOfWhatWasSetAside_IsNoLongerTold(uint kind, int idLength)
    {
        var key = new ResourceKey { Kind = kind, Id = ByteString.CopyFrom(new byte[idLength]) };
        var put = new Resource { Kind = key.Kind, Id = key.Id };
        var setAside = await lanes.Host.ChangeAsync(new Change { Put = put });
        setAside.ShouldContain(q => q.Resource.Kind == kind && q.Resource.Id == key.Id);

        setAside = await lanes.Host.ChangeAsync(new Change { Delete = key });

        setAside.ShouldNotContain(q => q.Resource.Kind == kind && q.Resource.Id == key.Id);
    }

    [Fact]
    public async Task Apply_UnderLoad_LosesNoCall()
    {
        var scene = await Scene.PutAsync(lanes);
        using var over = new CancellationTokenSource();
        var count = 0;
        var calls = Enumerable
            .Range(0, 4)
            .Select(async _ =>
            {
                while (!over.IsCancellationRequested)
                {
                    (await scene.SendAsync(Lane.Http1)).Status.ShouldBe(200);
                    Interlocked.Increment(ref count);
                }
            })
            .ToArray();
        var deadline = Task.Delay(TimeSpan.FromSeconds(20));
        while (Volatile.Read(ref count) < 200 && !deadline.IsCompleted)
        {
            scene.Api.Revision++;
            await lanes.Host.PutAsync(scene.Api.Clone());
            await Scene.PutAsync(lanes);
        }

        await over.CancelAsync();
        await Task.WhenAll(calls);
        count.ShouldBeGreaterThanOrEqualTo(200);
        scene.Api.Revision.ShouldBeGreaterThan(2U);
    }
}
