using System.Buffers;
using System.Buffers.Text;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>What is about to be sent, put together in one piece of memory so that it is one system call.</summary>
internal sealed class WireBuffer(int size = 8_192) : IBufferWriter<byte>
{
    // Memory of a message that was longer than usual is not kept.
    private const int LongestKept = 65_536;

    // Hexadecimal digits of the longest chunk, and CRLF.
    private const int ChunkSizeLength = 10;

    private byte[] _bytes = new byte[size];
    private int _length;

    public int Length => _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Clear()
    {
        _length = 0;
        if (_bytes.Length > LongestKept)
        {
            _bytes = new byte[size];
        }
    }

    public void Write(ReadOnlySpan<byte> bytes)
    {
        bytes.CopyTo(GetSpan(bytes.Length));
        _length += bytes.Length;
    }

    public void WriteNumber(long number)
    {
        Utf8Formatter.TryFormat(number, GetSpan(20), out var length);
        _length += length;
    }

    public void WriteField(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value)
    {
        var span = GetSpan(name.Length + value.Length + 4);
        name.CopyTo(span);
        span[name.Length] = (byte)':';
        span[name.Length + 1] = (byte)' ';
        value.CopyTo(span[(name.Length + 2)..]);
        span[name.Length + value.Length + 2] = (byte)'\r';
        span[name.Length + value.Length + 3] = (byte)'\n';
        _length += name.Length + value.Length + 4;
    }

    /// <summary>Room for the data of a chunk whose length is not known yet; <see cref="EndChunk"/> puts the size before it.</summary>
    public Span<byte> BeginChunk(int most) =>
        GetSpan(most + ChunkSizeLength + 2)[ChunkSizeLength..^2];

    /// <summary>Ends a chunk of at least one byte.</summary>
    public void EndChunk(int length)
    {
        // The size as eight digits: leading zeros are a size's too, and the data stays where it is.
        var span = _bytes.AsSpan(_length);
        for (var i = 0; i < 8; i++)
        {
            span[i] = "0123456789abcdef"u8[(length >> (28 - (i * 4))) & 15];
        }

        WireBytes.NewLine.CopyTo(span[8..]);
        WireBytes.NewLine.CopyTo(span[(ChunkSizeLength + length)..]);
        _length += ChunkSizeLength + length + 2;
    }

    public void Advance(int count) => _length += count;

    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsMemory(_length);
    }

    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _bytes.AsSpan(_length);
    }

    private void Reserve(int length)
    {
        if (_bytes.Length - _length < Math.Max(1, length))
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }
    }
}
