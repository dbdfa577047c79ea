using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using Microsoft.Extensions.Logging;

namespace KafkaBroker.Server;

/// <summary>Which requests there are, in which versions, and who answers them.</summary>
internal sealed class ApiTable
{
    private readonly Dictionary<ApiKey, Api> _apis = [];
    private readonly List<ApiRange> _ranges = [];

    public ApiTable(
        BrokerOptions options,
        Address address,
        DataFolder data,
        GroupRegistry groups,
        TimeProvider time,
        ILogger logger
    )
    {
        // The highest versions that have no flexible fields; all that today's clients need.
        Add<ApiVersionsRequest>(
            ApiKey.ApiVersions,
            2,
            ApiVersionsRequest.Read,
            (_, _) => Versions(ErrorCode.None)
        );
        AddRecords(new(data, logger), new(data.Topics, time));
        AddTopics(new(options, address, data));
        AddGroups(new(options, address, groups));
        AddOffsets(new(data, groups, logger));
    }

    private delegate ValueTask<IResponse?> Answer(ref KafkaReader reader, RequestContext context);

    /// <returns>The answer, and the version it has; null where the client wants none.</returns>
    /// <exception cref="MalformedFrameException">There is no such request in that version, or its fields are not those.</exception>
    public ValueTask<IResponse?> HandleAsync(
        ref KafkaReader reader,
        RequestContext context,
        out short answerVersion
    )
    {
        var (key, version, _) = context.Header;
        answerVersion = version;
        if (!_apis.TryGetValue(key, out var api))
        {
            throw new MalformedFrameException($"the unknown request key {(short)key}");
        }

        if (version >= 0 && version <= api.MaxVersion)
        {
            return api.Answer(ref reader, context);
        }

        if (key != ApiKey.ApiVersions)
        {
            throw new MalformedFrameException($"version {version} of {key}");
        }

        // This is how a newer client learns which versions it can use: in version 0, which every client reads.
        answerVersion = 0;
        return new(Versions(ErrorCode.UnsupportedVersion));
    }

    private void AddRecords(ProduceHandlers produce, FetchHandler fetch)
    {
        Add<ProduceRequest>(ApiKey.Produce, 7, ProduceRequest.Read, produce.Produce);
        Add<InitProducerIdRequest>(
            ApiKey.InitProducerId,
            1,
            InitProducerIdRequest.Read,
            produce.InitProducerId
        );
        AddWaiting<FetchRequest>(ApiKey.Fetch, 11, FetchRequest.Read, fetch.FetchAsync);
    }

    private void AddTopics(TopicHandlers topics)
    {
        Add<ListOffsetsRequest>(ApiKey.ListOffsets, 3, ListOffsetsRequest.Read, topics.ListOffsets);
        Add<MetadataRequest>(ApiKey.Metadata, 6, MetadataRequest.Read, topics.Metadata);
        Add<CreateTopicsRequest>(ApiKey.CreateTopics, 4, CreateTopicsRequest.Read, topics.Create);
        Add<DeleteTopicsRequest>(ApiKey.DeleteTopics, 1, DeleteTopicsRequest.Read, topics.Delete);
        Add<DescribeConfigsRequest>(
            ApiKey.DescribeConfigs,
            2,
            DescribeConfigsRequest.Read,
            topics.DescribeConfigs
        );
    }

    private void AddGroups(GroupHandlers group)
    {
        Add<FindCoordinatorRequest>(
            ApiKey.FindCoordinator,
            2,
            FindCoordinatorRequest.Read,
            group.FindCoordinator
        );
        AddWaiting<JoinGroupRequest>(ApiKey.JoinGroup, 5, JoinGroupRequest.Read, group.JoinAsync);
        AddWaiting<SyncGroupRequest>(ApiKey.SyncGroup, 3, SyncGroupRequest.Read, group.SyncAsync);
        Add<HeartbeatRequest>(ApiKey.Heartbeat, 3, HeartbeatRequest.Read, group.Heartbeat);
        Add<LeaveGroupRequest>(ApiKey.LeaveGroup, 3, LeaveGroupRequest.Read, group.Leave);
        Add<DescribeGroupsRequest>(
            ApiKey.DescribeGroups,
            4,
            DescribeGroupsRequest.Read,
            group.Describe
        );
        Add<ListGroupsRequest>(ApiKey.ListGroups, 2, ListGroupsRequest.Read, group.List);
    }

    private void AddOffsets(OffsetHandlers offsets)
    {
        Add<OffsetCommitRequest>(ApiKey.OffsetCommit, 7, OffsetCommitRequest.Read, offsets.Commit);
        Add<OffsetFetchRequest>(ApiKey.OffsetFetch, 5, OffsetFetchRequest.Read, offsets.Fetch);
    }

    private ApiVersionsResponse Versions(ErrorCode error) => new(error, _ranges);

    private void Add<TRequest>(
        ApiKey key,
        short maxVersion,
        KafkaReader.ReadElement<TRequest> read,
        Func<TRequest, RequestContext, IResponse?> answer
    ) =>
        Add(
            key,
            maxVersion,
            (ref KafkaReader reader, RequestContext context) =>
                new(answer(read(ref reader, context.Version), context))
        );

    private void AddWaiting<TRequest>(
        ApiKey key,
        short maxVersion,
        KafkaReader.ReadElement<TRequest> read,
        Func<TRequest, RequestContext, ValueTask<IResponse?>> answer
    ) =>
        Add(
            key,
            maxVersion,
            (ref KafkaReader reader, RequestContext context) =>
                answer(read(ref reader, context.Version), context)
        );

    private void Add(ApiKey key, short maxVersion, Answer answer)
    {
        _apis.Add(key, new(maxVersion, answer));
        _ranges.Add(new(key, maxVersion));
    }

    private sealed record Api(short MaxVersion, Answer Answer);
}
