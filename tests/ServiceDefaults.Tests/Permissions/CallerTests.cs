using ApiSvc.ServiceDefaults.Permissions;
using FsCheck;
using FsCheck.Fluent;

namespace ApiSvc.ServiceDefaults.Tests.Permissions;

public sealed class CallerTests
{
    private static readonly Guid[] Teams =
    [
        Guid.CreateVersion7(),
        Guid.CreateVersion7(),
        Guid.CreateVersion7(),
    ];
    private static readonly string[] Names = ["a", "b", "c"];

    [Fact]
    public void TeamsWith_AnyRolesAndTable_IncludesExactlyWhereCan() =>
        Prop.ForAll(
                AnyCaller().ToArbitrary(),
                caller =>
                    Names.All(permission =>
                        Teams.All(team =>
                            caller.TeamsWith(permission).Includes(team)
                            == caller.Can(permission, team)
                        )
                    )
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Can_ForThePlatform_HoldsInEveryTeam() =>
        Prop.ForAll(
                AnyCaller().ToArbitrary(),
                caller => Names.All(p => !caller.Can(p) || Teams.All(team => caller.Can(p, team)))
            )
            .QuickCheckThrowOnFailure();

    [Fact]
    public void Can_System_MayEverything() =>
        Caller.System("catalog").Can("anything", Teams[0]).ShouldBeTrue();

    [Fact]
    public void Can_Anonymous_MayNothing()
    {
        Caller.Anonymous.Can("a").ShouldBeFalse();
        Caller.Anonymous.TeamsWith("a").IsEmpty.ShouldBeTrue();
    }

    // A table in which each role grants some of the permissions, and a caller with some of the roles in places.
    private static Gen<Caller> AnyCaller() =>
        from table in Gen.SubListOf(Names).ArrayOf(3)
        from platform in Gen.SubListOf(Names)
        from one in Gen.SubListOf(Names)
        from two in Gen.SubListOf(Names)
        select new Caller
        {
            Kind = CallerKind.User,
            Subject = "usr_1",
            Table = new RoleTable(
                Names.Zip(
                    table,
                    (role, permissions) =>
                        KeyValuePair.Create(role, (IReadOnlyCollection<string>)[.. permissions])
                )
            ),
            PlatformRoles = platform.ToHashSet(),
            TeamRoles = new Dictionary<Guid, IReadOnlySet<string>>
            {
                [Teams[0]] = one.ToHashSet(),
                [Teams[1]] = two.ToHashSet(),
            },
        };
}
