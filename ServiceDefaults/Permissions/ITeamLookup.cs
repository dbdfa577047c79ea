namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Finds out to which team an object belongs.</summary>
public interface ITeamLookup
{
    /// <summary>The owner of the object.</summary>
    /// <param name="id">As in the request; a malformed one is an object that does not exist.</param>
    /// <param name="caller">Who asks, where visibility depends on it.</param>
    /// <param name="cancellationToken">Ends the call.</param>
    /// <returns>Null when there is no such object.</returns>
    ValueTask<Ownership?> FindAsync(string id, Caller caller, CancellationToken cancellationToken);
}

/// <summary>To whom an object belongs.</summary>
/// <param name="Team">The owning team.</param>
/// <param name="IsVisible">Whether the caller may know of the object without having any right to it.</param>
public readonly record struct Ownership(Guid Team, bool IsVisible);
