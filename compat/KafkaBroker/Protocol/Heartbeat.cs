namespace KafkaBroker.Protocol;

internal sealed record HeartbeatRequest(
    string GroupId,
    int Generation,
    string MemberId,
    string? InstanceId
)
{
    public static HeartbeatRequest Read(ref KafkaReader reader, short version) =>
        new(
            reader.String(),
            reader.Int32(),
            reader.String(),
            version >= 3 ? reader.NullableString() : null
        );
}

internal sealed record HeartbeatResponse(ErrorCode Error) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Error(Error);
    }
}
