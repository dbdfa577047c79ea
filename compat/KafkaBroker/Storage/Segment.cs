using System.Globalization;

namespace KafkaBroker.Storage;

/// <summary>One file of a partition's log: whole batches one after the other. Its partition guards it.</summary>
internal sealed class Segment : IDisposable
{
    public const string LogExtension = ".log";
    private const string IndexExtension = ".index";
    private const string ProducersExtension = ".producers";

    private readonly string _stem;
    private readonly SegmentFile _file;
    private OffsetIndex _index = new();

    public Segment(string folder, long baseOffset)
    {
        _stem = Path.Combine(folder, baseOffset.ToString("d20", CultureInfo.InvariantCulture));
        _file = new(_stem + LogExtension);
        BaseOffset = baseOffset;
        NextOffset = baseOffset;
    }

    public long BaseOffset { get; }

    public long NextOffset { get; private set; }

    public long Length { get; private set; }

    public long MaxTimestamp { get; private set; } = -1;

    /// <summary>Of the file, which can have more than the segment before it is recovered.</summary>
    public long FileLength => _file.Length;

    public string LogPath => _file.Path;

    /// <summary>The producers' states at the segment's start.</summary>
    public string ProducersPath => _stem + ProducersExtension;

    /// <exception cref="IOException">It could not be written, and is as it was before.</exception>
    public void Append(ReadOnlySpan<byte> batch, in BatchHeader header)
    {
        try
        {
            _file.Write(batch, Length);
        }
        catch (IOException)
        {
            _file.Cut(Length);
            throw;
        }

        Take(header);
    }

    /// <summary>Takes up a batch that is in the file, at the segment's end.</summary>
    public void Take(in BatchHeader header)
    {
        _index.Add(header.BaseOffset, Length);
        Length += header.Size;
        NextOffset = header.LastOffset + 1;
        MaxTimestamp = Math.Max(MaxTimestamp, header.MaxTimestamp);
    }

    /// <summary>Records without a timestamp do not age.</summary>
    public bool IsOlderThan(long timestamp) => MaxTimestamp >= 0 && MaxTimestamp < timestamp;

    public void CutToLength() => _file.Cut(Length);

    public void Flush() => _file.Flush();

    public int Read(Span<byte> buffer, long position) => _file.Read(buffer, position);

    public FileRegion Region(long position, int length) => new(_file, position, length);

    /// <summary>The batches from the one on that has <paramref name="offset"/>.</summary>
    public IEnumerable<(long Position, BatchHeader Header)> From(long offset)
    {
        var bytes = new byte[BatchHeader.Bytes];
        for (var position = _index.FloorOfOffset(offset); position < Length; )
        {
            _file.Read(bytes, position);
            if (!BatchHeader.TryParse(bytes, out var header))
            {
                throw new IOException($"{_file.Path} has no batch at {position}.");
            }

            if (header.LastOffset >= offset)
            {
                yield return (position, header);
            }

            position += header.Size;
        }
    }

    /// <summary>How far whole batches go from <paramref name="start"/> within <paramref name="limit"/> bytes, where that is known.</summary>
    public long EndWithin(long start, long limit) =>
        Length - start <= limit ? Length : _index.FloorOfPosition(start + limit);

    /// <summary>Keeps what a start would otherwise have to read the whole segment for. Nothing is appended after it.</summary>
    public void Seal() =>
        CheckedFile.Write(
            _stem + IndexExtension,
            writer =>
            {
                writer.Write(Length);
                writer.Write(NextOffset);
                writer.Write(MaxTimestamp);
                _index.Write(writer);
            }
        );

    public bool TryLoadSeal()
    {
        using var reader = CheckedFile.TryRead(_stem + IndexExtension);
        if (reader is null || reader.ReadInt64() != FileLength)
        {
            return false;
        }

        Length = FileLength;
        NextOffset = reader.ReadInt64();
        MaxTimestamp = reader.ReadInt64();
        _index = OffsetIndex.Read(reader);
        return true;
    }

    public void Delete()
    {
        File.Delete(_stem + LogExtension);
        File.Delete(_stem + IndexExtension);
        File.Delete(_stem + ProducersExtension);
        Dispose();
    }

    public void Dispose() => _file.Release();
}
