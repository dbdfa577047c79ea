using System.Buffers;
using ApiSvc.AiAdapter.Wire;

namespace ApiSvc.AiAdapter.Serving.Caching;

/// <summary>Keeps a copy of what is written, up to a length.</summary>
internal sealed class CopyingWriter(IBufferWriter<byte> output, int most)
    : IBufferWriter<byte>,
        IDisposable
{
    private readonly PooledBuffer _copy = new();
    private Memory<byte> _room;
    private bool _isTooLong;

    /// <summary>All that was written; null: that is longer.</summary>
    public byte[]? Copy => _isTooLong ? null : _copy.Span.ToArray();

    public void Advance(int count)
    {
        _isTooLong |= _copy.Length + count > most;
        if (!_isTooLong)
        {
            _copy.Append(_room.Span[..count]);
        }

        output.Advance(count);
    }

    public Memory<byte> GetMemory(int sizeHint = 0) => _room = output.GetMemory(sizeHint);

    public Span<byte> GetSpan(int sizeHint = 0) => GetMemory(sizeHint).Span;

    public void Dispose() => _copy.Dispose();
}
