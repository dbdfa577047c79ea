namespace KafkaBroker.Protocol;

internal sealed record ApiVersionsRequest
{
    public static ApiVersionsRequest Read(ref KafkaReader reader, short version) => new();
}

/// <summary>The version ranges of all requests. Its header never changes, so any client can read it.</summary>
internal sealed record ApiVersionsResponse(ErrorCode Error, IReadOnlyCollection<ApiRange> Ranges)
    : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        writer.Error(Error);
        writer.Array(
            Ranges,
            range =>
            {
                writer.Int16((short)range.Key);
                writer.Int16(0);
                writer.Int16(range.MaxVersion);
            }
        );
        if (version >= 1)
        {
            writer.Int32(0);
        }
    }
}

/// <summary>
/// Versions 0 to <paramref name="MaxVersion"/>. The minimum is always 0, also where an old version is answered with
/// an error: clients turn features on by old versions that they see in a range.
/// </summary>
internal sealed record ApiRange(ApiKey Key, short MaxVersion);
