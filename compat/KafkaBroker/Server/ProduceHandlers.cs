using KafkaBroker.Protocol;
using KafkaBroker.Storage;
using Microsoft.Extensions.Logging;

namespace KafkaBroker.Server;

internal sealed partial class ProduceHandlers(DataFolder data, ILogger logger)
{
    private const short NoAcks = 0;

    public IResponse? Produce(ProduceRequest request, RequestContext context)
    {
        var refused =
            request.Acks is < -1 or > 1 ? ErrorCode.InvalidRequiredAcks
            : request.TransactionalId is not null ? ErrorCode.TransactionalIdAuthorizationFailed
            : ErrorCode.None;
        var answer = new ProduceResponse([
            .. request.Topics.Select(topic => new TopicResult<ProducePartitionResult>(
                topic.Name,
                [
                    .. topic.Partitions.Select(partition =>
                        refused == ErrorCode.None
                            ? Append(topic.Name, partition, context.Version)
                            : new(partition.Index, refused)
                    ),
                ]
            )),
        ]);
        return request.Acks == NoAcks ? null : answer;
    }

    public InitProducerIdResponse InitProducerId(
        InitProducerIdRequest request,
        RequestContext context
    ) =>
        // Fatal to a client that wants transactions: better than to let it wait for a coordinator.
        request.TransactionalId
            is null
            ? new(ErrorCode.None, data.ProducerIds.Next())
            : new(ErrorCode.TransactionalIdAuthorizationFailed, -1);

    private ProducePartitionResult Append(
        string topicName,
        ProducePartition partition,
        short version
    )
    {
        var topic = data.Topics.Find(topicName);
        if (topic?.Partition(partition.Index) is not { } log)
        {
            return new(partition.Index, ErrorCode.UnknownTopicOrPartition);
        }

        var error = BatchCheck.Check(
            partition.Records.Span,
            version,
            topic.Config.MaxMessageBytes,
            out var header
        );
        if (error != ErrorCode.None)
        {
            Log.Refused(logger, topicName, partition.Index, error);
            return new(partition.Index, error);
        }

        try
        {
            var result = log.Append(partition.Records, header);
            return new(partition.Index, result.Error, result.BaseOffset, result.StartOffset);
        }
        catch (IOException failure)
        {
            Log.NotWritten(logger, failure, topicName, partition.Index);
            return new(partition.Index, ErrorCode.StorageError);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A batch for {Topic}/{Partition} is refused: {Error}")]
        public static partial void Refused(
            ILogger logger,
            string topic,
            int partition,
            ErrorCode error
        );

        [LoggerMessage(LogLevel.Error, "A batch for {Topic}/{Partition} could not be written")]
        public static partial void NotWritten(
            ILogger logger,
            Exception failure,
            string topic,
            int partition
        );
    }
}
