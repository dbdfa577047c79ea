namespace KafkaBroker.Protocol;

/// <summary>What every request starts with (header version 1).</summary>
internal sealed record RequestHeader(ApiKey Key, short Version, int CorrelationId)
{
    public static RequestHeader Read(ref KafkaReader reader) =>
        new((ApiKey)reader.Int16(), reader.Int16(), reader.Int32());
}
