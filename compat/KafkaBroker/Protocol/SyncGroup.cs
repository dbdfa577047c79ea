namespace KafkaBroker.Protocol;

/// <param name="Assignments">From the leader; empty from the others.</param>
internal sealed record SyncGroupRequest(
    string GroupId,
    int Generation,
    string MemberId,
    string? InstanceId,
    List<MemberAssignment> Assignments
)
{
    public static SyncGroupRequest Read(ref KafkaReader reader, short version) =>
        new(
            reader.String(),
            reader.Int32(),
            reader.String(),
            version >= 3 ? reader.NullableString() : null,
            reader.Array(version, MemberAssignment.Read)
        );
}

internal sealed record MemberAssignment(string MemberId, byte[] Assignment)
{
    public static MemberAssignment Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Bytes().ToArray());
}

internal sealed record SyncGroupResponse(ErrorCode Error, byte[] Assignment) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Error(Error);
        writer.Bytes(Assignment);
    }
}
