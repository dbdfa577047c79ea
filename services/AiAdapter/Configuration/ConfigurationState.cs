namespace ApiSvc.AiAdapter.Configuration;

/// <summary>The configuration in force. One writes, many read.</summary>
internal sealed class ConfigurationState(TeamCompiler compiler) : IAiConfigurationSource
{
    private AiConfiguration _current = AiConfiguration.Empty;

    public AiConfiguration Current => Volatile.Read(ref _current);

    /// <summary>Whether it was ever read.</summary>
    public bool IsKnown => Current.Generation > 0;

    /// <summary>Why it is not newer, or not there; null if it is as new as can be.</summary>
    public string? Trouble { get; set; } = "It was not read yet.";

    /// <summary>Puts what was read in force.</summary>
    /// <param name="teams">Those that were asked for; null: all, and what is not among the sources is gone.</param>
    public void Apply(IReadOnlyList<TeamSource> sources, IReadOnlyCollection<Guid>? teams)
    {
        var before = Current;
        var after = teams is null
            ? new Dictionary<Guid, TeamModels>()
            : new Dictionary<Guid, TeamModels>(before.Teams);
        foreach (var team in teams ?? [])
        {
            after.Remove(team);
        }

        foreach (var source in sources)
        {
            after[source.TeamId] = compiler.Compile(source);
        }

        compiler.Keep(after.Values.SelectMany(team => team.States.Keys).ToHashSet());
        Volatile.Write(ref _current, new(before.Generation + 1, after));
        Trouble = null;
    }
}
