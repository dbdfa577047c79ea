using ApiSvc.Contracts.Sync.V1;
using ApiSvc.Gateway.Sync;
using ApiSvc.ServiceDefaults.Sync;
using FsCheck;
using FsCheck.Fluent;
using Google.Protobuf;
using ResourceKey = ApiSvc.Gateway.Sync.ResourceKey;

namespace ApiSvc.Gateway.Tests.Sync;

public sealed class ResourceSetTests
{
    private static readonly Gen<Change> AnyChange =
        from kind in Gen.Choose(1, 3)
        from id in Gen.Choose(0, 6)
        from body in Gen.Choose(0, 3)
        select body == 0
            ? Resources.Delete($"{id}", (uint)kind)
            : Resources.Put($"{id}", $"{body}", (uint)kind);

    [Fact]
    public void With_AnyChanges_IsWhatADictionaryWouldHold() =>
        Prop.ForAll(
                AnyChange.ArrayOf().ArrayOf().ToArbitrary(),
                generations =>
                {
                    var set = ResourceSet.Empty;
                    var model = new Dictionary<ResourceKey, string>();
                    foreach (var changes in generations)
                    {
                        var before = set;
                        var contentBefore = set.Content();
                        set = set.Next(changes);
                        changes.ToList().ForEach(c => Apply(model, c));

                        set.Content().ShouldBe(model, ignoreOrder: true);
                        set.Count.ShouldBe(model.Count);
                        set.Hash.ShouldBe(HashOf(model));
                        before.Content().ShouldBe(contentBefore, ignoreOrder: true);
                        foreach (var kind in new uint[] { 1, 2, 3, 4 })
                        {
                            set.Enumerate(kind)
                                .Select(r => r.Key)
                                .ShouldBe(model.Keys.Where(k => k.Kind == kind), ignoreOrder: true);
                        }
                    }

                    model.ShouldAllBe(r => set.Get(r.Key)!.Body.ToStringUtf8() == r.Value);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Create_SameResourcesInAnyOrder_IsTheSameSet() =>
        Prop.ForAll(
                AnyChange.ArrayOf().ToArbitrary(),
                changes =>
                {
                    var set = ResourceSet.Empty.Next(changes);
                    var resources = set.Snapshot().Snapshot.Resources;

                    ResourceSet.Create(resources.Reverse(), set.Generation).ShouldEqual(set);
                }
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void With_SomeChanges_KeepsTheOtherResourcesThemselves()
    {
        var before = ResourceSet.Empty.Next(Resources.Put("a", "1"), Resources.Put("b", "1"));

        var after = before.Next(Resources.Put("b", "2"));

        var id = ByteString.CopyFromUtf8("a");
        after.Get(1, id).ShouldBeSameAs(before.Get(1, id));
        after.Get(2, id).ShouldBeNull();
    }

    private static void Apply(Dictionary<ResourceKey, string> model, Change change)
    {
        if (change.Put is { } put)
        {
            model[new(put.Kind, put.Id)] = put.Body.ToStringUtf8();
        }
        else
        {
            model.Remove(new(change.Delete.Kind, change.Delete.Id));
        }
    }

    private static StateHash HashOf(Dictionary<ResourceKey, string> model) =>
        model.Aggregate(
            StateHash.Empty,
            (sum, r) =>
                sum.Add(
                    StateHash.Of(r.Key.Kind, r.Key.Id.Span, ByteString.CopyFromUtf8(r.Value).Span)
                )
        );
}
