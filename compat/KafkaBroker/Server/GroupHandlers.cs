using KafkaBroker.Groups;
using KafkaBroker.Protocol;

namespace KafkaBroker.Server;

internal sealed class GroupHandlers(BrokerOptions options, Address address, GroupRegistry groups)
{
    private const short FirstVersionWithRequiredId = 4;
    private const sbyte GroupKey = 0;

    public FindCoordinatorResponse FindCoordinator(
        FindCoordinatorRequest request,
        RequestContext context
    ) =>
        request.KeyType == GroupKey
            ? new(ErrorCode.None, null, TopicHandlers.NodeId, address.Host, address.Port)
            : new(
                ErrorCode.TransactionalIdAuthorizationFailed,
                "This broker has no transactions.",
                -1,
                "",
                -1
            );

    public async ValueTask<IResponse?> JoinAsync(JoinGroupRequest request, RequestContext context)
    {
        if (request.GroupId.Length == 0)
        {
            return JoinGroupResponse.Failed(ErrorCode.InvalidGroupId, request.MemberId);
        }

        var session = TimeSpan.FromMilliseconds(request.SessionTimeout);
        if (session < options.MinSessionTimeout || session > options.MaxSessionTimeout)
        {
            return JoinGroupResponse.Failed(ErrorCode.InvalidSessionTimeout, request.MemberId);
        }

        var group = groups.GetOrAdd(request.GroupId);
        var joined = group.JoinAsync(
            request,
            context.ClientId,
            context.ClientHost,
            requireId: context.Version >= FirstVersionWithRequiredId
        );
        return await UnlessAbortedAsync(joined, group, request.MemberId, context);
    }

    public async ValueTask<IResponse?> SyncAsync(SyncGroupRequest request, RequestContext context)
    {
        if (groups.Find(request.GroupId) is not { } group)
        {
            return new SyncGroupResponse(ErrorCode.UnknownMemberId, []);
        }

        return await UnlessAbortedAsync(group.SyncAsync(request), group, request.MemberId, context);
    }

    public HeartbeatResponse Heartbeat(HeartbeatRequest request, RequestContext context) =>
        new(groups.Find(request.GroupId)?.Heartbeat(request) ?? ErrorCode.UnknownMemberId);

    public LeaveGroupResponse Leave(LeaveGroupRequest request, RequestContext context)
    {
        var group = groups.Find(request.GroupId);
        return new(
            ErrorCode.None,
            [
                .. request.Members.Select(member => new LeftMember(
                    member,
                    group?.Leave(member) ?? ErrorCode.UnknownMemberId
                )),
            ]
        );
    }

    public DescribeGroupsResponse Describe(DescribeGroupsRequest request, RequestContext context) =>
        new([
            .. request.GroupIds.Select(id =>
                groups.Find(id)?.Describe() ?? new(id, "Dead", "", "", [])
            ),
        ]);

    public ListGroupsResponse List(ListGroupsRequest request, RequestContext context) =>
        new([
            .. groups.All.Select(group => new ListedGroup(group.Id, group.Describe().ProtocolType)),
        ]);

    private static async ValueTask<T> UnlessAbortedAsync<T>(
        Task<T> answer,
        Group group,
        string memberId,
        RequestContext context
    )
    {
        try
        {
            return await answer.WaitAsync(context.Aborted);
        }
        catch (OperationCanceledException)
        {
            group.Abandon(memberId);
            throw;
        }
    }
}
