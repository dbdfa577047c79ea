using System.Buffers.Binary;

namespace KafkaBroker.Storage;

/// <summary>A file of entries, each with its length and checksum; a torn end is cut off when it is opened.</summary>
internal sealed class Journal : IDisposable
{
    private const int Head = sizeof(int) + sizeof(uint);

    private readonly string _path;
    private SegmentFile _file;
    private long _length;

    public Journal(string path, Action<BinaryReader> onEntry)
    {
        _path = path;
        _file = new(path);
        var bytes = new byte[_file.Length];
        _file.Read(bytes, 0);
        while (Entry(bytes.AsSpan((int)_length)) is { } size)
        {
            using var reader = new BinaryReader(
                new MemoryStream(bytes, (int)_length + Head, size, writable: false)
            );
            onEntry(reader);
            _length += Head + size;
        }

        _file.Cut(_length);
    }

    public void Append(Action<BinaryWriter> write)
    {
        using var entry = Framed(write);
        try
        {
            _file.Write(entry.GetBuffer().AsSpan(0, (int)entry.Length), _length);
        }
        catch (IOException)
        {
            _file.Cut(_length);
            throw;
        }

        _length += entry.Length;
    }

    /// <summary>Puts these entries in the place of all there are.</summary>
    public void Replace(IEnumerable<Action<BinaryWriter>> entries)
    {
        var next = _path + ".next";
        File.Delete(next);
        var file = new SegmentFile(next);
        var length = 0L;
        foreach (var write in entries)
        {
            using var entry = Framed(write);
            file.Write(entry.GetBuffer().AsSpan(0, (int)entry.Length), length);
            length += entry.Length;
        }

        File.Move(next, _path, overwrite: true);
        _file.Release();
        (_file, _length) = (file, length);
    }

    public void Dispose() => _file.Release();

    private static int? Entry(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < Head)
        {
            return null;
        }

        var size = BinaryPrimitives.ReadInt32BigEndian(bytes);
        return
            size >= 0
            && size <= bytes.Length - Head
            && Crc32C.Of(bytes.Slice(Head, size))
                == BinaryPrimitives.ReadUInt32BigEndian(bytes[sizeof(int)..])
            ? size
            : null;
    }

    private static MemoryStream Framed(Action<BinaryWriter> write)
    {
        var entry = new MemoryStream();
        entry.SetLength(Head);
        entry.Position = Head;
        using (var writer = new BinaryWriter(entry, System.Text.Encoding.UTF8, leaveOpen: true))
        {
            write(writer);
        }

        var bytes = entry.GetBuffer().AsSpan(0, (int)entry.Length);
        BinaryPrimitives.WriteInt32BigEndian(bytes, bytes.Length - Head);
        BinaryPrimitives.WriteUInt32BigEndian(bytes[sizeof(int)..], Crc32C.Of(bytes[Head..]));
        return entry;
    }
}
