using Microsoft.Win32.SafeHandles;

namespace KafkaBroker.Storage;

/// <summary>A file that stays open until the last answer that reads from it is sent, also when it is deleted.</summary>
internal sealed class SegmentFile(string path)
{
    private readonly SafeFileHandle _handle = File.OpenHandle(
        path,
        FileMode.OpenOrCreate,
        FileAccess.ReadWrite,
        FileShare.ReadWrite | FileShare.Delete
    );

    private int _references = 1;

    public string Path => path;

    public long Length => RandomAccess.GetLength(_handle);

    public void AddReference() => Interlocked.Increment(ref _references);

    public void Release()
    {
        if (Interlocked.Decrement(ref _references) == 0)
        {
            _handle.Dispose();
        }
    }

    /// <returns>The number of bytes read: less than asked for only at the end of the file.</returns>
    public int Read(Span<byte> buffer, long position)
    {
        var total = 0;
        while (total < buffer.Length)
        {
            var read = RandomAccess.Read(_handle, buffer[total..], position + total);
            if (read == 0)
            {
                break;
            }

            total += read;
        }

        return total;
    }

    public void Write(ReadOnlySpan<byte> bytes, long position) =>
        RandomAccess.Write(_handle, bytes, position);

    public void Cut(long length) => RandomAccess.SetLength(_handle, length);

    public void Flush() => RandomAccess.FlushToDisk(_handle);
}
