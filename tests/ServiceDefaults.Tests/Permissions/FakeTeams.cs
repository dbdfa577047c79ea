using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.ServiceDefaults.Tests;

/// <summary>Owns three objects: <c>own</c>, <c>hidden</c> and <c>published</c>, the latter two another team's.</summary>
internal sealed class FakeTeams : ITeamLookup
{
    public static readonly Guid Own = Guid.Parse("01939e3a-0000-7000-8000-000000000001");
    public static readonly Guid Other = Guid.Parse("01939e3a-0000-7000-8000-000000000002");

    public static string OwnId { get; } = new Id<TeamKind>(Own).ToString();

    public static string OtherId { get; } = new Id<TeamKind>(Other).ToString();

    public int Asked { get; private set; }

    public ValueTask<Ownership?> FindAsync(
        string id,
        Caller caller,
        CancellationToken cancellationToken
    )
    {
        Asked++;
        Ownership? found = id switch
        {
            "own" => new Ownership(Own, IsVisible: false),
            "hidden" => new Ownership(Other, IsVisible: false),
            "published" => new Ownership(Other, IsVisible: true),
            _ => null,
        };
        return new(found);
    }
}
