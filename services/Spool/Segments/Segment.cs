using System.Buffers.Binary;
using Microsoft.Win32.SafeHandles;

namespace ApiSvc.Spool.Segments;

/// <summary>
/// A file of records of one lane, in their order. It is written through memory while it is its lane's current one, and
/// read as a file always: a bad sector is then an exception and not the end of the process.
/// </summary>
internal sealed class Segment : IDisposable
{
    private readonly SafeFileHandle _file;
    private MappedMemory? _memory;
    private int _end;
    private ulong _firstSequence;
    private ulong _endSequence;
    private bool _isSealed;
    private bool _isDone;
    private bool _isGone;

    private Segment(string path, SegmentHeader header, SafeFileHandle file)
    {
        Path = path;
        Header = header;
        _file = file;
    }

    public string Path { get; }

    public SegmentHeader Header { get; }

    /// <summary>Bytes that it takes on the disk.</summary>
    public long Length { get; private set; }

    /// <summary>The end of its last whole record.</summary>
    public int End => Volatile.Read(ref _end);

    /// <summary>Sequence of its first record; 0 while it waits to be used.</summary>
    public ulong FirstSequence => Volatile.Read(ref _firstSequence);

    /// <summary>One more than the sequence of its last record; 0 where nobody looked yet.</summary>
    public ulong EndSequence => Volatile.Read(ref _endSequence);

    /// <summary>Kafka has what is before this sequence.</summary>
    public ulong Shipped { get; private set; }

    /// <summary>Whether no more records come.</summary>
    public bool IsSealed => Volatile.Read(ref _isSealed);

    /// <summary>Whether Kafka has all of it.</summary>
    public bool IsDone
    {
        get => Volatile.Read(ref _isDone);
        set => Volatile.Write(ref _isDone, value);
    }

    /// <summary>Whether it was deleted.</summary>
    public bool IsGone => Volatile.Read(ref _isGone);

    public int Room => _memory!.Length - _end;

    /// <summary>Makes a file that is allocated, mapped and in memory.</summary>
    /// <exception cref="IOException">The disk is full, or does not allow it. Nothing is left behind.</exception>
    public static Segment Create(string path, SegmentHeader header, int length)
    {
        var file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.Read);
        try
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            var memory = MappedMemory.Allocate(file, length);
            header.Write(memory.Slice(0, SegmentHeader.Length));
            return new(path, header, file)
            {
                _memory = memory,
                _end = SegmentHeader.Length,
                Length = length,
            };
        }
        catch
        {
            file.Dispose();
            File.Delete(path);
            throw;
        }
    }

    /// <summary>Opens what an earlier process left; no records are added to it.</summary>
    /// <returns>Null if it is no segment.</returns>
    public static Segment? Open(string path)
    {
        var file = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read);
        Span<byte> bytes = stackalloc byte[SegmentHeader.Length];
        if (
            RandomAccess.Read(file, bytes, 0) < bytes.Length
            || SegmentHeader.Read(bytes) is not { } header
        )
        {
            file.Dispose();
            return null;
        }

        var length = RandomAccess.GetLength(file);
        return new(path, header, file)
        {
            _end = (int)Math.Min(length, int.MaxValue),
            _firstSequence = BinaryPrimitives.ReadUInt64LittleEndian(
                bytes[SegmentHeader.FirstSequenceAt..]
            ),
            Shipped = BinaryPrimitives.ReadUInt64LittleEndian(bytes[SegmentHeader.ShippedAt..]),
            _isSealed = true,
            Length = length,
        };
    }

    /// <summary>Makes it its lane's current one.</summary>
    public void Activate(ulong sequence)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(
            _memory!.Slice(SegmentHeader.FirstSequenceAt, sizeof(ulong)),
            sequence
        );
        Volatile.Write(ref _endSequence, sequence);
        Volatile.Write(ref _firstSequence, sequence);
    }

    /// <summary>Where the next record goes.</summary>
    public Span<byte> Take(int maxLength) => _memory!.Slice(_end, Frame.HeaderLength + maxLength);

    public void Commit(Span<byte> frame, int length, ulong sequence, long time)
    {
        Frame.Commit(frame, length, sequence, time);
        Volatile.Write(ref _endSequence, sequence + 1);
        Volatile.Write(ref _end, _end + Frame.SizeOf(length));
    }

    public void Seal() => Volatile.Write(ref _isSealed, true);

    /// <summary>Cuts off what is behind the last whole record.</summary>
    public void CutAt(int end, ulong endSequence)
    {
        RandomAccess.SetLength(_file, end);
        Length = end;
        Volatile.Write(ref _endSequence, endSequence);
        Volatile.Write(ref _end, end);
    }

    /// <exception cref="ObjectDisposedException">It was deleted.</exception>
    public int Read(Span<byte> bytes, int offset) => RandomAccess.Read(_file, bytes, offset);

    /// <summary>Notes, for the next process, up to where Kafka has the records.</summary>
    public void MarkShipped(ulong sequence)
    {
        Span<byte> bytes = stackalloc byte[sizeof(ulong)];
        BinaryPrimitives.WriteUInt64LittleEndian(bytes, sequence);
        RandomAccess.Write(_file, bytes, SegmentHeader.ShippedAt);
        Shipped = sequence;
    }

    /// <summary>Gives the memory back, once it is sealed.</summary>
    public void Unmap()
    {
        _memory?.Unmap();
        _memory = null;
    }

    public void Flush() => RandomAccess.FlushToDisk(_file);

    /// <summary>Deletes the file.</summary>
    public void Delete()
    {
        Volatile.Write(ref _isGone, true);
        Dispose();
        File.Delete(Path);
    }

    public void Dispose()
    {
        Unmap();
        _file.Dispose();
    }
}
