namespace KafkaBroker.Protocol;

/// <param name="KeyType">0 a group, 1 a transactional id.</param>
internal sealed record FindCoordinatorRequest(string Key, sbyte KeyType)
{
    public static FindCoordinatorRequest Read(ref KafkaReader reader, short version) =>
        new(reader.String(), version >= 1 ? reader.Int8() : (sbyte)0);
}

internal sealed record FindCoordinatorResponse(
    ErrorCode Error,
    string? Message,
    int NodeId,
    string Host,
    int Port
) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Error(Error);
        if (version >= 1)
        {
            writer.String(Message);
        }

        writer.Int32(NodeId);
        writer.String(Host);
        writer.Int32(Port);
    }
}
