using KafkaBroker.Protocol;

namespace KafkaBroker.Groups;

/// <summary>
/// A consumer group: its members join, one of them (the leader) divides the work, all fetch their part, and it starts
/// anew when one comes, goes or falls silent.
/// </summary>
internal sealed class Group(string id, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly GroupMembers _members = new();

    // Members that were given an id and have not come back with it, with the time until which they are expected.
    private readonly Dictionary<string, DateTimeOffset> _pending = [];

    private GroupState _state = GroupState.Empty;
    private int _generation;
    private string _protocolType = "";
    private string _protocol = "";
    private string _leader = "";
    private DateTimeOffset _rebalanceDeadline;

    public string Id => id;

    public Task<JoinGroupResponse> JoinAsync(
        JoinGroupRequest request,
        string clientId,
        string clientHost,
        bool requireId
    )
    {
        lock (_gate)
        {
            var known = request.MemberId.Length > 0 ? _members.Find(request.MemberId) : null;
            if (Refuse(request, known) is { } error)
            {
                return Failed(error, request.MemberId);
            }

            if (known is not null)
            {
                return Rejoin(known, request);
            }

            var memberId = request.MemberId.Length > 0 ? request.MemberId : NewId(clientId);
            if (request.MemberId.Length == 0 && requireId && request.InstanceId is null)
            {
                // A client that goes away before it has its id would otherwise be waited for.
                _pending[memberId] =
                    time.GetUtcNow() + TimeSpan.FromMilliseconds(request.SessionTimeout);
                return Failed(ErrorCode.MemberIdRequired, memberId);
            }

            _pending.Remove(memberId);
            if (_members.FindInstance(request.InstanceId) is { } before)
            {
                before.Fail(ErrorCode.FencedInstanceId);
                _members.Remove(before);
            }

            var member = new GroupMember(memberId, clientId, clientHost);
            _members.Add(member);
            return Join(member, request);
        }
    }

    public Task<SyncGroupResponse> SyncAsync(SyncGroupRequest request)
    {
        lock (_gate)
        {
            var error = Find(request.MemberId, request.InstanceId, out var member);
            if (error == ErrorCode.None && request.Generation != _generation)
            {
                error = ErrorCode.IllegalGeneration;
            }

            if (error == ErrorCode.None && _state == GroupState.PreparingRebalance)
            {
                error = ErrorCode.RebalanceInProgress;
            }

            if (error != ErrorCode.None)
            {
                return Task.FromResult(new SyncGroupResponse(error, []));
            }

            member!.Heard(time.GetUtcNow());
            if (_state == GroupState.Stable)
            {
                return Task.FromResult(new SyncGroupResponse(ErrorCode.None, member.Assignment));
            }

            member.Syncing = NewAnswer<SyncGroupResponse>();
            var answer = member.Syncing.Task;
            if (member.Id == _leader)
            {
                Assign(request.Assignments);
            }

            return answer;
        }
    }

    public ErrorCode Heartbeat(HeartbeatRequest request)
    {
        lock (_gate)
        {
            var error = CheckMember(request.Generation, request.MemberId, request.InstanceId);
            return error == ErrorCode.None && _state == GroupState.PreparingRebalance
                ? ErrorCode.RebalanceInProgress
                : error;
        }
    }

    public ErrorCode Leave(LeavingMember leaving)
    {
        lock (_gate)
        {
            if (_pending.Remove(leaving.MemberId))
            {
                TryCompleteJoin();
                return ErrorCode.None;
            }

            var member =
                leaving.MemberId.Length == 0
                    ? _members.FindInstance(leaving.InstanceId)
                    : _members.Find(leaving.MemberId);
            if (member is null)
            {
                return ErrorCode.UnknownMemberId;
            }

            Remove(member);
            return ErrorCode.None;
        }
    }

    /// <summary>Whether offsets may be committed. A commit is heard as a heartbeat is.</summary>
    public ErrorCode CheckCommit(OffsetCommitRequest request)
    {
        lock (_gate)
        {
            if (request.Generation < 0)
            {
                return _state == GroupState.Empty ? ErrorCode.None : ErrorCode.UnknownMemberId;
            }

            var error = CheckMember(request.Generation, request.MemberId, request.InstanceId);
            return error == ErrorCode.None && _state == GroupState.CompletingRebalance
                ? ErrorCode.RebalanceInProgress
                : error;
        }
    }

    /// <summary>The client that waited has gone: the member is as silent as any other from now on.</summary>
    public void Abandon(string memberId)
    {
        lock (_gate)
        {
            if (_members.Find(memberId) is { } member)
            {
                member.Joining = null;
                member.Syncing = null;
            }
        }
    }

    /// <summary>Lets go of members that were silent for too long.</summary>
    public void Tick()
    {
        lock (_gate)
        {
            var now = time.GetUtcNow();
            foreach (var (memberId, until) in _pending)
            {
                if (until <= now)
                {
                    _pending.Remove(memberId);
                }
            }

            // One that waits for an answer is there.
            foreach (var member in _members.All.ToList())
            {
                if (member.Deadline <= now && member is { Joining: null, Syncing: null })
                {
                    Remove(member);
                }
            }

            if (_state == GroupState.PreparingRebalance && _rebalanceDeadline <= now)
            {
                foreach (var member in _members.All.Where(each => each.Joining is null).ToList())
                {
                    _members.Remove(member);
                }

                _pending.Clear();
            }

            TryCompleteJoin();
        }
    }

    public DescribedGroup Describe()
    {
        lock (_gate)
        {
            var isStable = _state == GroupState.Stable;
            return new(
                id,
                _state.ToString(),
                _protocolType,
                isStable ? _protocol : "",
                [
                    .. _members.All.Select(member => new DescribedMember(
                        member.Id,
                        member.InstanceId,
                        member.ClientId,
                        member.ClientHost,
                        isStable ? member.MetadataFor(_protocol) : [],
                        isStable ? member.Assignment : []
                    )),
                ]
            );
        }
    }

    private ErrorCode? Refuse(JoinGroupRequest request, GroupMember? known)
    {
        if (request.MemberId.Length > 0 && known is null && !_pending.ContainsKey(request.MemberId))
        {
            return _members.FindInstance(request.InstanceId) is null
                ? ErrorCode.UnknownMemberId
                : ErrorCode.FencedInstanceId;
        }

        var others = _members.Count - (known is null ? 0 : 1);
        return
            request.Protocols.Count == 0
            || (others > 0 && request.ProtocolType != _protocolType)
            || !_members.HaveInCommon(request.Protocols, known)
            ? ErrorCode.InconsistentGroupProtocol
            : null;
    }

    private Task<JoinGroupResponse> Rejoin(GroupMember member, JoinGroupRequest request)
    {
        var isSame = member.OffersSame(request.Protocols);
        if (
            isSame
            && (
                _state == GroupState.CompletingRebalance
                || (_state == GroupState.Stable && member.Id != _leader)
            )
        )
        {
            // Its answer may have been lost: it is told again.
            member.Heard(time.GetUtcNow());
            return Task.FromResult(Joined(member));
        }

        return Join(member, request);
    }

    private Task<JoinGroupResponse> Join(GroupMember member, JoinGroupRequest request)
    {
        member.Fail(ErrorCode.RebalanceInProgress);
        member.Take(request);
        member.Heard(time.GetUtcNow());
        _protocolType = request.ProtocolType;
        member.Joining = NewAnswer<JoinGroupResponse>();
        var answer = member.Joining.Task;
        PrepareRebalance();
        TryCompleteJoin();
        return answer;
    }

    private void PrepareRebalance()
    {
        if (_state == GroupState.PreparingRebalance)
        {
            return;
        }

        _state = GroupState.PreparingRebalance;
        var now = time.GetUtcNow();
        _rebalanceDeadline =
            now + _members.All.Select(member => member.RebalanceTimeout).DefaultIfEmpty().Max();
        foreach (var member in _members.All.Where(each => each.Syncing is not null))
        {
            // It could not send heartbeats while it waited.
            member.Heard(now);
            member.Fail(ErrorCode.RebalanceInProgress);
        }
    }

    private void TryCompleteJoin()
    {
        if (
            _state != GroupState.PreparingRebalance
            || _pending.Count > 0
            || _members.All.Any(member => member.Joining is null)
        )
        {
            return;
        }

        _generation++;
        if (_members.Count == 0)
        {
            _state = GroupState.Empty;
            _leader = _protocol = "";
            return;
        }

        _state = GroupState.CompletingRebalance;
        _protocol = _members.ElectProtocol();
        _leader = (_members.Find(_leader) ?? _members.All[0]).Id;
        var now = time.GetUtcNow();
        foreach (var member in _members.All)
        {
            member.Heard(now);
            member.Assignment = [];
            member.Joining!.TrySetResult(Joined(member));
            member.Joining = null;
        }
    }

    private JoinGroupResponse Joined(GroupMember member) =>
        new(
            ErrorCode.None,
            _generation,
            _protocol,
            _leader,
            member.Id,
            member.Id != _leader
                ? []
                :
                [
                    .. _members.All.Select(each => new JoinedMember(
                        each.Id,
                        each.InstanceId,
                        each.MetadataFor(_protocol)
                    )),
                ]
        );

    private void Assign(List<MemberAssignment> assignments)
    {
        _state = GroupState.Stable;
        var now = time.GetUtcNow();
        foreach (var member in _members.All)
        {
            member.Assignment =
                assignments.Find(part => part.MemberId == member.Id)?.Assignment ?? [];
            if (member.Syncing is { } answer)
            {
                member.Heard(now);
                member.Syncing = null;
                answer.TrySetResult(new(ErrorCode.None, member.Assignment));
            }
        }
    }

    private void Remove(GroupMember member)
    {
        member.Fail(ErrorCode.UnknownMemberId);
        _members.Remove(member);
        PrepareRebalance();
        TryCompleteJoin();
    }

    private ErrorCode CheckMember(int generation, string memberId, string? instanceId)
    {
        var error = Find(memberId, instanceId, out var member);
        if (error != ErrorCode.None)
        {
            return error;
        }

        if (generation != _generation)
        {
            return ErrorCode.IllegalGeneration;
        }

        member!.Heard(time.GetUtcNow());
        return ErrorCode.None;
    }

    private ErrorCode Find(string memberId, string? instanceId, out GroupMember? member)
    {
        member = _members.Find(memberId);
        return member is not null ? ErrorCode.None
            : _members.FindInstance(instanceId) is not null ? ErrorCode.FencedInstanceId
            : ErrorCode.UnknownMemberId;
    }

    private static string NewId(string clientId) => $"{clientId}-{Guid.NewGuid()}";

    private static Task<JoinGroupResponse> Failed(ErrorCode error, string memberId) =>
        Task.FromResult(JoinGroupResponse.Failed(error, memberId));

    private static TaskCompletionSource<T> NewAnswer<T>() =>
        new(TaskCreationOptions.RunContinuationsAsynchronously);
}
