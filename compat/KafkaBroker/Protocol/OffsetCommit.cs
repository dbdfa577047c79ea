namespace KafkaBroker.Protocol;

/// <param name="Generation">-1 from a client that is no member and keeps offsets by hand.</param>
internal sealed record OffsetCommitRequest(
    string GroupId,
    int Generation,
    string MemberId,
    string? InstanceId,
    List<OffsetCommitTopic> Topics
)
{
    public static OffsetCommitRequest Read(ref KafkaReader reader, short version)
    {
        var group = reader.String();
        var generation = version >= 1 ? reader.Int32() : -1;
        var member = version >= 1 ? reader.String() : "";
        var instance = version >= 7 ? reader.NullableString() : null;
        if (version is >= 2 and <= 4)
        {
            reader.Int64();
        }

        return new(
            group,
            generation,
            member,
            instance,
            reader.Array(version, OffsetCommitTopic.Read)
        );
    }
}

internal sealed record OffsetCommitTopic(string Name, List<OffsetCommitPartition> Partitions)
{
    public static OffsetCommitTopic Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Array(version, OffsetCommitPartition.Read));
}

internal sealed record OffsetCommitPartition(
    int Index,
    long Offset,
    int LeaderEpoch,
    string Metadata
)
{
    public static OffsetCommitPartition Read(ref KafkaReader reader, short version)
    {
        var index = reader.Int32();
        var offset = reader.Int64();
        var epoch = version >= 6 ? reader.Int32() : -1;
        if (version == 1)
        {
            reader.Int64();
        }

        return new(index, offset, epoch, reader.NullableString() ?? "");
    }
}

internal sealed record OffsetCommitResponse(List<TopicResult<OffsetCommitPartitionResult>> Topics)
    : IResponse
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
                writer.Error(partition.Error);
            }
        );
    }
}

internal sealed record OffsetCommitPartitionResult(int Index, ErrorCode Error);
