using Microsoft.Extensions.Logging;

namespace KafkaBroker.Storage;

/// <summary>All that a broker keeps.</summary>
internal sealed class DataFolder : IDisposable
{
    private readonly FolderLock _lock;

    public DataFolder(string path, bool flush, ILogger logger)
    {
        _lock = new(path);
        try
        {
            ClusterId = ReadClusterId(Path.Combine(path, "cluster-id"));
            ProducerIds = new(path);
            Offsets = new(path);
            Topics = new(path, flush, logger);
        }
        catch
        {
            Offsets?.Dispose();
            _lock.Dispose();
            throw;
        }
    }

    public string ClusterId { get; }

    public ProducerIds ProducerIds { get; }

    public OffsetStore Offsets { get; }

    public TopicStore Topics { get; }

    public void Dispose()
    {
        Topics.Dispose();
        Offsets.Dispose();
        _lock.Dispose();
    }

    private static string ReadClusterId(string path)
    {
        using var reader = CheckedFile.TryRead(path);
        if (reader is not null)
        {
            return reader.ReadString();
        }

        var id = Guid.NewGuid().ToString("n");
        CheckedFile.Write(path, writer => writer.Write(id));
        return id;
    }
}
