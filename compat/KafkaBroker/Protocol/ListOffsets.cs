namespace KafkaBroker.Protocol;

internal sealed record ListOffsetsRequest(List<ListOffsetsTopic> Topics)
{
    public static ListOffsetsRequest Read(ref KafkaReader reader, short version)
    {
        reader.Int32();
        if (version >= 2)
        {
            reader.Int8();
        }

        return new(reader.Array(version, ListOffsetsTopic.Read));
    }
}

internal sealed record ListOffsetsTopic(string Name, List<ListOffsetsPartition> Partitions)
{
    public static ListOffsetsTopic Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Array(version, ListOffsetsPartition.Read));
}

/// <param name="Timestamp">Milliseconds since 1970, or -1 for the end of the log, -2 for its start.</param>
internal sealed record ListOffsetsPartition(int Index, long Timestamp)
{
    public const long Latest = -1;
    public const long Earliest = -2;

    public static ListOffsetsPartition Read(ref KafkaReader reader, short version)
    {
        var partition = new ListOffsetsPartition(reader.Int32(), reader.Int64());
        if (version == 0)
        {
            reader.Int32();
        }

        return partition;
    }
}

internal sealed record ListOffsetsResponse(List<TopicResult<ListOffsetsPartitionResult>> Topics)
    : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 2)
        {
            writer.Int32(0);
        }

        writer.Topics(
            Topics,
            partition =>
            {
                writer.Int32(partition.Index);
                writer.Error(partition.Error);
                if (version == 0)
                {
                    long[] offsets = partition.Offset < 0 ? [] : [partition.Offset];
                    writer.Array(offsets, writer.Int64);
                    return;
                }

                writer.Int64(partition.Timestamp);
                writer.Int64(partition.Offset);
            }
        );
    }
}

internal sealed record ListOffsetsPartitionResult(
    int Index,
    ErrorCode Error,
    long Timestamp = -1,
    long Offset = -1
);
