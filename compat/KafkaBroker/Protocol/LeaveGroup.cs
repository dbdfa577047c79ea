namespace KafkaBroker.Protocol;

internal sealed record LeaveGroupRequest(string GroupId, List<LeavingMember> Members)
{
    public static LeaveGroupRequest Read(ref KafkaReader reader, short version) =>
        new(
            reader.String(),
            version >= 3
                ? reader.Array(version, LeavingMember.Read)
                : [new(reader.String(), InstanceId: null)]
        );
}

internal sealed record LeavingMember(string MemberId, string? InstanceId)
{
    public static LeavingMember Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.NullableString());
}

internal sealed record LeaveGroupResponse(ErrorCode Error, List<LeftMember> Members) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        if (version < 3)
        {
            writer.Error(Error != ErrorCode.None || Members.Count == 0 ? Error : Members[0].Error);
            return;
        }

        writer.Error(Error);
        writer.Array(
            Members,
            left =>
            {
                writer.String(left.Member.MemberId);
                writer.String(left.Member.InstanceId);
                writer.Error(left.Error);
            }
        );
    }
}

internal sealed record LeftMember(LeavingMember Member, ErrorCode Error);
