using ApiSvc.Catalog.Policies;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.Catalog.Tests.Policies;

public sealed class EffectivePoliciesTests
{
    [Fact]
    public void Of_TypesThatAllHold_KeepsEveryLevel() =>
        Says(
                EffectivePolicies.Of(
                    [new("limit", "1")],
                    [new("limit", "2"), new("limit", "3")],
                    [],
                    [new("limit", "4")]
                )
            )
            .ShouldBe(["Platform limit 1", "Team limit 2", "Team limit 3", "Operation limit 4"]);

    [Fact]
    public void Of_TypesOfTheNarrowest_SaysWhatItReplaces()
    {
        var policies = EffectivePolicies.Of(
            [new("cors", "1")],
            [],
            [new("cors", "2")],
            [new("authentication", "3")]
        );

        Says(policies).ShouldBe(["Operation authentication 3", "Version cors 2"]);
        policies[0].Replaced.ShouldBeEmpty();
        policies[1].Replaced.ShouldBe([PolicyLevel.Platform]);
    }

    [Fact]
    public void Of_AnyLevels_LosesAndInventsNothing()
    {
        var level = Gen.ListOf(
                Gen.Elements(PolicyTypes.All.ToArray())
                    .SelectMany(type =>
                        Gen.Choose(0, 9)
                            .Select(number => new PolicyEntry(
                                type.Name,
                                FormattableString.Invariant($"{number}")
                            ))
                    ),
                4
            )
            .Select(entries =>
                entries
                    .GroupBy(entry => entry.Type)
                    .SelectMany(group =>
                        PolicyTypes.Find(group.Key)!.Repeatable ? group : group.Take(1)
                    )
                    .ToList()
            );
        var levels = Gen.ArrayOf(level, 4);

        Prop.ForAll(
                levels.ToArbitrary(),
                sets =>
                {
                    var effective = EffectivePolicies.Of(sets[0], sets[1], sets[2], sets[3]);
                    foreach (var policy in effective)
                    {
                        sets[(int)policy.Level].ShouldContain(policy.Policy);
                    }

                    foreach (var type in PolicyTypes.All)
                    {
                        var set = sets.Sum(entries =>
                            entries.Count(entry => entry.Type == type.Name)
                        );
                        var held = effective
                            .Where(policy => policy.Policy.Type == type.Name)
                            .ToList();
                        (held.Count + held.Sum(policy => policy.Replaced.Count)).ShouldBe(set);
                        held.Select(policy => policy.Level).ShouldBeInOrder();
                    }
                }
            )
            .QuickCheckThrowOnFailure();
    }

    private static IEnumerable<string> Says(IReadOnlyList<EffectivePolicy> policies) =>
        policies.Select(policy => $"{policy.Level} {policy.Policy.Type} {policy.Policy.Settings}");
}
