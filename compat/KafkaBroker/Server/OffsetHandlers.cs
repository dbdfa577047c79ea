using KafkaBroker.Groups;
using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using Microsoft.Extensions.Logging;

namespace KafkaBroker.Server;

internal sealed partial class OffsetHandlers(DataFolder data, GroupRegistry groups, ILogger logger)
{
    public OffsetCommitResponse Commit(OffsetCommitRequest request, RequestContext context)
    {
        var refused = Check(request);
        var taken = new List<(OffsetKey, CommittedOffset)>();
        var results = request
            .Topics.Select(topic => new TopicResult<OffsetCommitPartitionResult>(
                topic.Name,
                [
                    .. topic.Partitions.Select(partition => new OffsetCommitPartitionResult(
                        partition.Index,
                        Take(topic.Name, partition)
                    )),
                ]
            ))
            .ToList();
        try
        {
            if (taken.Count > 0)
            {
                data.Offsets.Commit(taken);
            }

            return new(results);
        }
        catch (IOException failure)
        {
            Log.NotWritten(logger, failure, request.GroupId);
            return new([.. results.Select(Failed)]);
        }

        ErrorCode Take(string topic, OffsetCommitPartition partition)
        {
            if (refused != ErrorCode.None)
            {
                return refused;
            }

            if (data.Topics.Find(topic)?.Partition(partition.Index) is null)
            {
                return ErrorCode.UnknownTopicOrPartition;
            }

            taken.Add(
                (
                    new(request.GroupId, topic, partition.Index),
                    new(partition.Offset, partition.LeaderEpoch, partition.Metadata)
                )
            );
            return ErrorCode.None;
        }
    }

    public OffsetFetchResponse Fetch(OffsetFetchRequest request, RequestContext context)
    {
        var results = request.Topics is null
            ? data
                .Offsets.OfGroup(request.GroupId)
                .GroupBy(offset => offset.Key.Topic)
                .Select(topic => new TopicResult<OffsetFetchPartitionResult>(
                    topic.Key,
                    [.. topic.Select(offset => Result(offset.Key.Partition, offset.Value))]
                ))
            : request.Topics.Select(topic => new TopicResult<OffsetFetchPartitionResult>(
                topic.Name,
                [
                    .. topic.Partitions.Select(partition =>
                        Result(
                            partition,
                            data.Offsets.Find(new(request.GroupId, topic.Name, partition))
                        )
                    ),
                ]
            ));
        return new(ErrorCode.None, [.. results]);
    }

    private ErrorCode Check(OffsetCommitRequest request) =>
        groups.Find(request.GroupId) is { } group ? group.CheckCommit(request)
        : request.Generation < 0 ? ErrorCode.None
        : ErrorCode.IllegalGeneration;

    private static OffsetFetchPartitionResult Result(int partition, CommittedOffset? offset) =>
        offset is null
            ? new(partition)
            : new(partition, offset.Offset, offset.LeaderEpoch, offset.Metadata);

    private static TopicResult<OffsetCommitPartitionResult> Failed(
        TopicResult<OffsetCommitPartitionResult> topic
    ) =>
        topic with
        {
            Partitions =
            [
                .. topic.Partitions.Select(partition =>
                    partition.Error == ErrorCode.None
                        ? partition with
                        {
                            Error = ErrorCode.StorageError,
                        }
                        : partition
                ),
            ],
        };

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Offsets of the group {Group} could not be written")]
        public static partial void NotWritten(ILogger logger, Exception failure, string group);
    }
}
