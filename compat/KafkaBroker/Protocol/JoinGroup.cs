namespace KafkaBroker.Protocol;

/// <param name="SessionTimeout">In milliseconds: a member that is silent for longer is out.</param>
/// <param name="RebalanceTimeout">In milliseconds: how long the others wait for this member to join again.</param>
/// <param name="MemberId">Empty for a new member.</param>
/// <param name="InstanceId">A member that keeps its identity over restarts names itself.</param>
internal sealed record JoinGroupRequest(
    string GroupId,
    int SessionTimeout,
    int RebalanceTimeout,
    string MemberId,
    string? InstanceId,
    string ProtocolType,
    List<GroupProtocol> Protocols
)
{
    public static JoinGroupRequest Read(ref KafkaReader reader, short version)
    {
        var group = reader.String();
        var session = reader.Int32();
        return new(
            group,
            session,
            version >= 1 ? reader.Int32() : session,
            reader.String(),
            version >= 5 ? reader.NullableString() : null,
            reader.String(),
            reader.Array(version, GroupProtocol.Read)
        );
    }
}

/// <summary>A way to divide the work that a member offers, with what its leader needs to know.</summary>
internal sealed record GroupProtocol(string Name, byte[] Metadata)
{
    public static GroupProtocol Read(ref KafkaReader reader, short version) =>
        new(reader.String(), reader.Bytes().ToArray());
}

/// <param name="Members">For the leader; empty for the others.</param>
internal sealed record JoinGroupResponse(
    ErrorCode Error,
    int Generation,
    string Protocol,
    string LeaderId,
    string MemberId,
    List<JoinedMember> Members
) : IResponse
{
    public static JoinGroupResponse Failed(ErrorCode error, string memberId) =>
        new(error, -1, "", "", memberId, []);

    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 2)
        {
            writer.Int32(0);
        }

        writer.Error(Error);
        writer.Int32(Generation);
        writer.String(Protocol);
        writer.String(LeaderId);
        writer.String(MemberId);
        writer.Array(
            Members,
            member =>
            {
                writer.String(member.MemberId);
                if (version >= 5)
                {
                    writer.String(member.InstanceId);
                }

                writer.Bytes(member.Metadata);
            }
        );
    }
}

internal sealed record JoinedMember(string MemberId, string? InstanceId, byte[] Metadata);
