namespace KafkaBroker.Storage;

/// <summary>Gives each idempotent producer a number that none had before, also over restarts.</summary>
internal sealed class ProducerIds
{
    // A file is written once for so many.
    private const long Block = 1000;

    private readonly Lock _gate = new();
    private readonly string _path;
    private long _next;
    private long _reserved;

    public ProducerIds(string dataFolder)
    {
        _path = Path.Combine(dataFolder, "producer-ids");
        using var reader = CheckedFile.TryRead(_path);
        if (reader is null && File.Exists(_path))
        {
            throw new BrokerStartException($"{_path} is damaged.");
        }

        _next = _reserved = reader?.ReadInt64() ?? 0;
    }

    public long Next()
    {
        lock (_gate)
        {
            if (_next == _reserved)
            {
                var reserved = _reserved + Block;
                CheckedFile.Write(_path, writer => writer.Write(reserved));
                _reserved = reserved;
            }

            return _next++;
        }
    }
}
