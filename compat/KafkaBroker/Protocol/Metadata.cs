namespace KafkaBroker.Protocol;

/// <param name="Topics">Null for all.</param>
/// <param name="AllowAutoCreation">Whether a topic that is asked for may be made.</param>
internal sealed record MetadataRequest(List<string>? Topics, bool AllowAutoCreation)
{
    public static MetadataRequest Read(ref KafkaReader reader, short version)
    {
        var topics = reader.NullableArray(version, (ref KafkaReader r, short _) => r.String());
        // Version 0 has no null: there, an empty list is all.
        return new(
            version == 0 && topics is { Count: 0 } ? null : topics,
            version < 4 || reader.Bool()
        );
    }
}

internal sealed record MetadataResponse(
    int NodeId,
    string Host,
    int Port,
    string ClusterId,
    List<MetadataTopic> Topics
) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 3)
        {
            writer.Int32(0);
        }

        writer.Int32(1);
        writer.Int32(NodeId);
        writer.String(Host);
        writer.Int32(Port);
        if (version >= 1)
        {
            writer.String(null);
        }

        if (version >= 2)
        {
            writer.String(ClusterId);
        }

        if (version >= 1)
        {
            writer.Int32(NodeId);
        }

        writer.Array(Topics, topic => WriteTopic(writer, version, topic));
    }

    private void WriteTopic(KafkaWriter writer, short version, MetadataTopic topic)
    {
        writer.Error(topic.Error);
        writer.String(topic.Name);
        if (version >= 1)
        {
            writer.Bool(false);
        }

        writer.Int32(topic.Partitions);
        for (var partition = 0; partition < topic.Partitions; partition++)
        {
            writer.Error(ErrorCode.None);
            writer.Int32(partition);
            writer.Int32(NodeId);
            writer.Array([NodeId], writer.Int32);
            writer.Array([NodeId], writer.Int32);
            if (version >= 5)
            {
                writer.Int32(0);
            }
        }
    }
}

internal sealed record MetadataTopic(string Name, int Partitions, ErrorCode Error = ErrorCode.None);
