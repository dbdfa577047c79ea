namespace KafkaBroker.Storage;

/// <summary>Whole batches in a file, which an answer carries without them being in memory.</summary>
internal sealed class FileRegion : IDisposable
{
    private readonly SegmentFile _file;
    private readonly long _position;
    private int _released;

    public FileRegion(SegmentFile file, long position, int length)
    {
        file.AddReference();
        _file = file;
        _position = position;
        Length = length;
    }

    public int Length { get; }

    /// <exception cref="IOException">The file does not have what it had.</exception>
    public void Read(Span<byte> buffer, int offset)
    {
        if (_file.Read(buffer, _position + offset) < buffer.Length)
        {
            throw new IOException($"{_file.Path} is shorter than it was.");
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _released, 1) == 0)
        {
            _file.Release();
        }
    }
}
