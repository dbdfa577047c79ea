namespace KafkaBroker.Protocol;

internal sealed record DeleteTopicsRequest(List<string> Names)
{
    public static DeleteTopicsRequest Read(ref KafkaReader reader, short version)
    {
        var names = reader.Array(version, (ref KafkaReader r, short _) => r.String());
        reader.Int32();
        return new(names);
    }
}

internal sealed record DeleteTopicsResponse(List<DeleteTopicResult> Topics) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Array(
            Topics,
            topic =>
            {
                writer.String(topic.Name);
                writer.Error(topic.Error);
            }
        );
    }
}

internal sealed record DeleteTopicResult(string Name, ErrorCode Error);
