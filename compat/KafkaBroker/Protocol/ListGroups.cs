namespace KafkaBroker.Protocol;

internal sealed record ListGroupsRequest
{
    public static ListGroupsRequest Read(ref KafkaReader reader, short version) => new();
}

internal sealed record ListGroupsResponse(List<ListedGroup> Groups) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        if (version >= 1)
        {
            writer.Int32(0);
        }

        writer.Error(ErrorCode.None);
        writer.Array(
            Groups,
            group =>
            {
                writer.String(group.GroupId);
                writer.String(group.ProtocolType);
            }
        );
    }
}

internal sealed record ListedGroup(string GroupId, string ProtocolType);
