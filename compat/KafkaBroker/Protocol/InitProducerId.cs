namespace KafkaBroker.Protocol;

internal sealed record InitProducerIdRequest(string? TransactionalId)
{
    public static InitProducerIdRequest Read(ref KafkaReader reader, short version)
    {
        var id = reader.NullableString();
        reader.Int32();
        return new(id);
    }
}

internal sealed record InitProducerIdResponse(ErrorCode Error, long ProducerId) : IResponse
{
    public void Write(KafkaWriter writer, short version)
    {
        writer.Int32(0);
        writer.Error(Error);
        writer.Int64(ProducerId);
        writer.Int16((short)(Error == ErrorCode.None ? 0 : -1));
    }
}
