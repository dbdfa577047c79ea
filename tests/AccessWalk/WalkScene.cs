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

    /// <summary>Changes something of the team and then of the stranger's, for those who watch.</summary>
    public Func<Task> Stir { get; init; } = () => Task.CompletedTask;
}
