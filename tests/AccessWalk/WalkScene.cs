namespace ApiSvc.AccessWalk;

/// <summary>What there is to be asked for.</summary>
public sealed class WalkScene
{
    /// <summary>Tokens of the walkers.</summary>
    public required IReadOnlyDictionary<Walker, string> Tokens { get; init; }

    /// <summary>What stands in braces in paths and bodies: ids of one team's objects, and names.</summary>
    public required IReadOnlyDictionary<string, string> Values { get; init; }

    /// <summary>Texts by which an answer shows something of the team: ids and names that nothing else has.</summary>
    public required IReadOnlyCollection<string> Theirs { get; init; }

    /// <summary>Texts by which an answer shows something of the stranger's own team.</summary>
    public required IReadOnlyCollection<string> Own { get; init; }

    /// <summary>
    /// Roles in a team of their own, or on the platform. Each walks alone, after all others, with objects of its own: what it
    /// may do happens.
    /// </summary>
    public IReadOnlyList<WalkRole> Roles { get; init; } = [];

    /// <summary>Changes something of the team and then of the stranger's, for those who watch.</summary>
    public Func<Task> Stir { get; init; } = () => Task.CompletedTask;
}

/// <summary>A role that walks.</summary>
/// <param name="Name">Its column in the table.</param>
/// <param name="OpenAsync">Makes a team with one of everything, and somebody who has the role there.</param>
public sealed record WalkRole(string Name, Func<Task<WalkRoleScene>> OpenAsync)
{
    /// <summary>Whether it holds on the platform, and so may be shown what other teams have.</summary>
    public bool IsOfPlatform { get; init; }
}

/// <summary>Who has a role, and what there is for it to be asked for.</summary>
public sealed record WalkRoleScene(string Token, IReadOnlyDictionary<string, string> Values)
{
    /// <summary>Changes something of the team, for those who watch.</summary>
    public Func<Task> Stir { get; init; } = () => Task.CompletedTask;
}
