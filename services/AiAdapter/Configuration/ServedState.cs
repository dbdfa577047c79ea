using ApiSvc.AiAdapter.VirtualModels;

namespace ApiSvc.AiAdapter.Configuration;

internal enum ModelState
{
    /// <summary>Not read yet: the change is a moment old, or the database is away.</summary>
    Pending,

    /// <summary>It can be called, by the targets that are sound.</summary>
    Served,

    /// <summary>No target is sound: calls are answered 503 while all others are served.</summary>
    Quarantined,

    Disabled,
}

/// <summary>What became of a virtual model.</summary>
/// <param name="Version">Of the model as it was read.</param>
/// <param name="Problems">Why targets are left out, or all of it.</param>
internal sealed record ServedState(ModelState State, long Version, IReadOnlyList<string> Problems);

internal static class ServedStateExtensions
{
    /// <summary>Of a virtual model as the database has it now.</summary>
    public static ServedState StateOf(this AiConfiguration configuration, VirtualModelRow row) =>
        configuration.Teams.TryGetValue(row.TeamId, out var team)
        && team.States.TryGetValue(row.Id, out var state)
        && state.Version == row.Version
            ? state
            : new(ModelState.Pending, row.Version, []);
}
