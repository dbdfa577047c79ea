namespace KafkaBroker.Protocol;

internal sealed record DescribeGroupsRequest(List<string> GroupIds)
{
    public static DescribeGroupsRequest Read(ref KafkaReader reader, short version)
    {
        var groups = reader.Array(version, (ref KafkaReader r, short _) => r.String());
        if (version >= 3)
        {
            reader.Bool();
        }

        return new(groups);
    }
}

internal sealed record DescribeGroupsResponse(List<DescribedGroup> Groups) : IResponse
{
    // "Not asked for": the broker knows no authorisation.
    private const int NoOperations = int.MinValue;

    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Array(
            Groups,
            group =>
            {
                writer.Error(ErrorCode.None);
                writer.String(group.GroupId);
                writer.String(group.State);
                writer.String(group.ProtocolType);
                writer.String(group.Protocol);
                writer.Array(group.Members, member => WriteMember(writer, version, member));
                if (version >= 3)
                {
                    writer.Int32(NoOperations);
                }
            }
        );
    }

    private static void WriteMember(KafkaWriter writer, short version, DescribedMember member)
    {
        writer.String(member.MemberId);
        if (version >= 4)
        {
            writer.String(member.InstanceId);
        }

        writer.String(member.ClientId);
        writer.String(member.ClientHost);
        writer.Bytes(member.Metadata);
        writer.Bytes(member.Assignment);
    }
}

internal sealed record DescribedGroup(
    string GroupId,
    string State,
    string ProtocolType,
    string Protocol,
    List<DescribedMember> Members
);

internal sealed record DescribedMember(
    string MemberId,
    string? InstanceId,
    string ClientId,
    string ClientHost,
    byte[] Metadata,
    byte[] Assignment
);
