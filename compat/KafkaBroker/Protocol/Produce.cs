namespace KafkaBroker.Protocol;

internal sealed record ProduceRequest(
    string? TransactionalId,
    short Acks,
    List<ProduceTopic> Topics
)
{
    public static ProduceRequest Read(ref KafkaReader reader, short version)
    {
        var transactionalId = version >= 3 ? reader.NullableString() : null;
        var acks = reader.Int16();
        // The timeout is for replicas to follow; there are none.
        reader.Int32();
        return new(transactionalId, acks, reader.Array(version, ProduceTopic.Read));
    }
}

internal sealed record ProduceTopic(string Name, List<ProducePartition> Partitions)
{
    public static ProduceTopic Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Array(version, ProducePartition.Read));
}

internal sealed record ProducePartition(int Index, Memory<byte> Records)
{
    public static ProducePartition Read(ref KafkaReader reader, short version) =>
        new(reader.Int32(), reader.Bytes());
}

internal sealed record ProduceResponse(List<TopicResult<ProducePartitionResult>> Topics) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        writer.Topics(
            Topics,
            partition =>
            {
                writer.Int32(partition.Index);
                writer.Error(partition.Error);
                writer.Int64(partition.BaseOffset);
                if (version >= 2)
                {
                    // Timestamps are the producers'.
                    writer.Int64(-1);
                }

                if (version >= 5)
                {
                    writer.Int64(partition.LogStartOffset);
                }
            }
        );
        if (version >= 1)
        {
            writer.Int32(0);
        }
    }
}

internal sealed record ProducePartitionResult(
    int Index,
    ErrorCode Error,
    long BaseOffset = -1,
    long LogStartOffset = -1
);
