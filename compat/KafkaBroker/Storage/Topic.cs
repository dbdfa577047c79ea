namespace KafkaBroker.Storage;

internal sealed record Topic(
    string Name,
    IReadOnlyDictionary<string, string> Settings,
    TopicConfig Config,
    IReadOnlyList<PartitionLog> Partitions
) : IDisposable
{
    public PartitionLog? Partition(int index) =>
        index >= 0 && index < Partitions.Count ? Partitions[index] : null;

    public void Dispose()
    {
        foreach (var partition in Partitions)
        {
            partition.Dispose();
        }
    }
}

/// <summary>The file <c>topic.json</c> in a topic's folder.</summary>
internal sealed record TopicFile(int Partitions, IReadOnlyDictionary<string, string> Settings);
