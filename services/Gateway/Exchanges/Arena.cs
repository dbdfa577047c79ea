using System.Buffers;

namespace ApiSvc.Gateway.Exchanges;

/// <summary>
/// Scratch memory of one exchange, all of it given back when the exchange ends. Memory that was handed out stays where
/// it is when more is taken.
/// </summary>
internal sealed class Arena
{
    private const int BlockSize = 4096;

    private readonly List<byte[]> _full = [];
    private byte[] _block = [];
    private int _used;

    /// <summary>Takes memory whose content is undefined.</summary>
    public Memory<byte> Take(int length)
    {
        if (_block.Length - _used < length)
        {
            if (_block.Length > 0)
            {
                _full.Add(_block);
            }

            _block = ArrayPool<byte>.Shared.Rent(Math.Max(length, BlockSize));
            _used = 0;
        }

        var memory = _block.AsMemory(_used, length);
        _used += length;
        return memory;
    }

    /// <summary>Copies bytes here.</summary>
    public ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> bytes)
    {
        var memory = Take(bytes.Length);
        bytes.CopyTo(memory.Span);
        return memory;
    }

    /// <summary>Starts anew for the next exchange of the same connection; keeps one block of ordinary size.</summary>
    public void Reset()
    {
        ReturnFull();
        _used = 0;
        if (_block.Length > BlockSize * 4)
        {
            Release();
        }
    }

    /// <summary>Gives everything back.</summary>
    public void Release()
    {
        ReturnFull();
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = [];
        }

        _used = 0;
    }

    private void ReturnFull()
    {
        foreach (var block in _full)
        {
            ArrayPool<byte>.Shared.Return(block);
        }

        _full.Clear();
    }
}
