using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>The members of a group in the order in which they came. Its group guards it.</summary>
internal sealed class GroupMembers
{
    private readonly List<GroupMember> _members = [];

    public IReadOnlyList<GroupMember> All => _members;

    public int Count => _members.Count;

    public GroupMember? Find(string id) => _members.Find(member => member.Id == id);

    public GroupMember? FindInstance(string? instanceId) =>
        instanceId is null ? null : _members.Find(member => member.InstanceId == instanceId);

    public void Add(GroupMember member) => _members.Add(member);

    public void Remove(GroupMember member) => _members.Remove(member);

    /// <summary>Whether the others could work with one who offers these.</summary>
    public bool HaveInCommon(IReadOnlyList<GroupProtocol> offered, GroupMember? except) =>
        offered.Any(protocol =>
            _members.TrueForAll(member => member == except || Offers(member, protocol.Name))
        );

    /// <summary>The protocol that all offer and most like best.</summary>
    public string ElectProtocol()
    {
        var common = _members[0]
            .Protocols.Select(protocol => protocol.Name)
            .Where(name => _members.TrueForAll(member => Offers(member, name)))
            .ToList();
        return _members
            .Select(member => member.Protocols.First(offered => common.Contains(offered.Name)).Name)
            .GroupBy(name => name)
            .OrderByDescending(votes => votes.Count())
            .ThenBy(votes => common.IndexOf(votes.Key))
            .First()
            .Key;
    }

    private static bool Offers(GroupMember member, string protocol) =>
        member.Protocols.Any(offered => offered.Name == protocol);
}
