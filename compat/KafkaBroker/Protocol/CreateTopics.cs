namespace KafkaBroker.Protocol;

internal sealed record CreateTopicsRequest(List<CreateTopic> Topics, bool ValidateOnly)
{
    public static CreateTopicsRequest Read(ref KafkaReader reader, short version)
    {
        var topics = reader.Array(version, CreateTopic.Read);
        reader.Int32();
        return new(topics, version >= 1 && reader.Bool());
    }
}

/// <param name="Partitions">-1 for the broker's number.</param>
/// <param name="Assignments">Brokers per partition, in place of the two numbers.</param>
internal sealed record CreateTopic(
    string Name,
    int Partitions,
    short ReplicationFactor,
    List<TopicAssignment> Assignments,
    List<TopicSetting> Settings
)
{
    public static CreateTopic Read(ref KafkaReader reader, short version) =>
        new(
            reader.String(),
            reader.Int32(),
            reader.Int16(),
            reader.Array(version, TopicAssignment.Read),
            reader.Array(version, TopicSetting.Read)
        );
}

internal sealed record TopicAssignment(int Partition, List<int> Brokers)
{
    public static TopicAssignment Read(ref KafkaReader reader, short version) =>
        new(reader.Int32(), reader.Array(version, (ref KafkaReader r, short _) => r.Int32()));
}

internal sealed record TopicSetting(string Name, string? Value)
{
    public static TopicSetting Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.NullableString());
}

internal sealed record CreateTopicsResponse(List<CreateTopicResult> Topics) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 2)
        {
            writer.Int32(0);
        }

        writer.Array(
            Topics,
            topic =>
            {
                writer.String(topic.Name);
                writer.Error(topic.Error);
                if (version >= 1)
                {
                    writer.String(topic.Message);
                }
            }
        );
    }
}

internal sealed record CreateTopicResult(string Name, ErrorCode Error, string? Message = null);
