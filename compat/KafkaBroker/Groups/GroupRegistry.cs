using System.Collections.Concurrent;

namespace KafkaBroker.Groups;

/// <summary>The groups that were heard of since the start. They live on only in their offsets: members join again.</summary>
internal sealed class GroupRegistry(TimeProvider time)
{
    private readonly ConcurrentDictionary<string, Group> _groups = new();

    public ICollection<Group> All => _groups.Values;

    public Group? Find(string id) => _groups.GetValueOrDefault(id);

    public Group GetOrAdd(string id) =>
        _groups.GetOrAdd(id, static (key, clock) => new(key, clock), time);

    public void Tick()
    {
        foreach (var group in _groups.Values)
        {
            group.Tick();
        }
    }
}
