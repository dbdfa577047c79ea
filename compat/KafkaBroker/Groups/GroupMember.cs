using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>A member of a group. Its group guards it.</summary>
internal sealed class GroupMember(string id, string clientId, string clientHost)
{
    public string Id => id;

    public string ClientId => clientId;

    public string ClientHost => clientHost;

    public string? InstanceId { get; private set; }

    public TimeSpan SessionTimeout { get; private set; }

    public TimeSpan RebalanceTimeout { get; private set; }

    public IReadOnlyList<GroupProtocol> Protocols { get; private set; } = [];

    public byte[] Assignment { get; set; } = [];

    /// <summary>When it is out, unless it is heard of before.</summary>
    public DateTimeOffset Deadline { get; private set; }

    /// <summary>Its request to join that is not answered yet.</summary>
    public TaskCompletionSource<JoinGroupResponse>? Joining { get; set; }

    /// <summary>Its request for its part that is not answered yet.</summary>
    public TaskCompletionSource<SyncGroupResponse>? Syncing { get; set; }

    public byte[] MetadataFor(string protocol) =>
        Protocols.FirstOrDefault(offered => offered.Name == protocol)?.Metadata ?? [];

    public bool OffersSame(IReadOnlyList<GroupProtocol> protocols) =>
        Protocols.Count == protocols.Count
        && Protocols
            .Zip(protocols)
            .All(pair =>
                pair.First.Name == pair.Second.Name
                && pair.First.Metadata.AsSpan().SequenceEqual(pair.Second.Metadata)
            );

    public void Take(JoinGroupRequest request)
    {
        InstanceId = request.InstanceId;
        SessionTimeout = TimeSpan.FromMilliseconds(request.SessionTimeout);
        RebalanceTimeout = TimeSpan.FromMilliseconds(Math.Max(0, request.RebalanceTimeout));
        Protocols = request.Protocols;
    }

    public void Heard(DateTimeOffset now) => Deadline = now + SessionTimeout;

    /// <summary>Answers what it waits for, since it is a member no more or there is a new round.</summary>
    public void Fail(ErrorCode error)
    {
        Joining?.TrySetResult(JoinGroupResponse.Failed(error, Id));
        Joining = null;
        Syncing?.TrySetResult(new(error, []));
        Syncing = null;
    }
}
