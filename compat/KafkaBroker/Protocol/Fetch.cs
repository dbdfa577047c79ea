using KafkaBroker.Storage;

namespace KafkaBroker.Protocol;

/// <param name="MaxWait">In milliseconds.</param>
/// <param name="MinBytes">Answer when there is so much, or the time is over.</param>
/// <param name="MaxBytes">Of the whole answer; the first batch comes even if it is larger.</param>
/// <param name="SessionId">0 where the client has no session; the broker gives none out.</param>
internal sealed record FetchRequest(
    int MaxWait,
    int MinBytes,
    int MaxBytes,
    int SessionId,
    List<FetchTopic> Topics
)
{
    public static FetchRequest Read(ref KafkaReader reader, short version)
    {
        reader.Int32();
        var maxWait = reader.Int32();
        var minBytes = reader.Int32();
        var maxBytes = version >= 3 ? reader.Int32() : int.MaxValue;
        if (version >= 4)
        {
            // The isolation level: without transactions both are the same.
            reader.Int8();
        }

        var session = 0;
        if (version >= 7)
        {
            session = reader.Int32();
            reader.Int32();
        }

        return new(maxWait, minBytes, maxBytes, session, reader.Array(version, FetchTopic.Read));
    }
}

internal sealed record FetchTopic(string Name, List<FetchPartition> Partitions)
{
    public static FetchTopic Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Array(version, FetchPartition.Read));
}

internal sealed record FetchPartition(int Index, long Offset, int MaxBytes)
{
    public static FetchPartition Read(ref KafkaReader reader, short version)
    {
        var index = reader.Int32();
        if (version >= 9)
        {
            reader.Int32();
        }

        var offset = reader.Int64();
        if (version >= 5)
        {
            reader.Int64();
        }

        return new(index, offset, reader.Int32());
    }
}

internal sealed record FetchResponse(
    ErrorCode Error,
    List<TopicResult<FetchPartitionResult>> Topics
) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        if (version >= 7)
        {
            writer.Error(Error);
            writer.Int32(0);
        }

        writer.Topics(Topics, partition => WritePartition(writer, version, partition));
    }

    private static void WritePartition(
        KafkaWriter writer,
        short version,
        FetchPartitionResult result
    )
    {
        writer.Int32(result.Index);
        writer.Error(result.Error);
        writer.Int64(result.EndOffset);
        if (version >= 4)
        {
            writer.Int64(result.EndOffset);
        }

        if (version >= 5)
        {
            writer.Int64(result.StartOffset);
        }

        if (version >= 4)
        {
            writer.Int32(0);
        }

        if (version >= 11)
        {
            writer.Int32(-1);
        }

        writer.Records(result.Records);
    }
}

/// <param name="EndOffset">High watermark and last stable offset: of one node, the end of the log.</param>
internal sealed record FetchPartitionResult(
    int Index,
    ErrorCode Error,
    long StartOffset = -1,
    long EndOffset = -1,
    FileRegion? Records = null
);
