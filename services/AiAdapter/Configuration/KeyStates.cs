using ApiSvc.AiAdapter.Routing;

namespace ApiSvc.AiAdapter.Configuration;

/// <summary>
/// The states of keys in use, one for each key of a team, whichever virtual models use it: the limits are the key's. For one
/// thread; a state lives for as long as a router has it.
/// </summary>
internal sealed class KeyStates
{
    private readonly Dictionary<(Guid Team, string Name), WeakReference<KeyState>> _states = [];

    public KeyState Of(Guid team, PoolKey key)
    {
        if (
            _states.TryGetValue((team, key.Name), out var known)
            && known.TryGetTarget(out var state)
            && IsSame(state.Key, key)
        )
        {
            return state;
        }

        state = new(key);
        _states[(team, key.Name)] = new(state);
        return state;
    }

    /// <summary>Forgets those that nobody has any more.</summary>
    public void Sweep()
    {
        foreach (var (name, _) in _states.Where(s => !s.Value.TryGetTarget(out _)).ToList())
        {
            _states.Remove(name);
        }
    }

    private static bool IsSame(PoolKey a, PoolKey b) =>
        a with { Credential = b.Credential } == b
        && (a.Credential.Secret, a.Credential.AccessKey, a.Credential.Session)
            == (b.Credential.Secret, b.Credential.AccessKey, b.Credential.Session);
}
