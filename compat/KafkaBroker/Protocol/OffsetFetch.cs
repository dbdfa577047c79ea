namespace KafkaBroker.Protocol;

/// <param name="Topics">Null for all that the group has offsets of.</param>
internal sealed record OffsetFetchRequest(string GroupId, List<OffsetFetchTopic>? Topics)
{
    public static OffsetFetchRequest Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.NullableArray(version, OffsetFetchTopic.Read));
}

internal sealed record OffsetFetchTopic(string Name, List<int> Partitions)
{
    public static OffsetFetchTopic Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Array(version, (ref KafkaReader r, short _) => r.Int32()));
}

internal sealed record OffsetFetchResponse(
    ErrorCode Error,
    List<TopicResult<OffsetFetchPartitionResult>> Topics
) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 3)
        {
            writer.Int32(0);
        }

        writer.Topics(
            Topics,
            partition =>
            {
                writer.Int32(partition.Index);
                writer.Int64(partition.Offset);
                if (version >= 5)
                {
                    writer.Int32(partition.LeaderEpoch);
                }

                writer.String(partition.Metadata);
                writer.Error(Error);
            }
        );
        if (version >= 2)
        {
            writer.Error(Error);
        }
    }
}

/// <param name="Offset">-1 where nothing was committed.</param>
internal sealed record OffsetFetchPartitionResult(
    int Index,
    long Offset = -1,
    int LeaderEpoch = -1,
    string Metadata = ""
);
