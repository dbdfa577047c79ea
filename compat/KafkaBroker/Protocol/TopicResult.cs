namespace KafkaBroker.Protocol;

/// <summary>What many responses consist of: a topic, and a result for each partition asked about.</summary>
internal sealed record TopicResult<TPartition>(string Name, List<TPartition> Partitions);
