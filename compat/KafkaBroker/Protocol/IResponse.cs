namespace KafkaBroker.Protocol;

/// <summary>The body of an answer.</summary>
internal interface IResponse
{
    /// <summary>Writes the fields that this version of the answer has.</summary>
    void Write(KafkaWriter writer, short version);
}
