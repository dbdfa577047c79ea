using ApiSvc.Gateway.Http1.Wire;

namespace ApiSvc.Gateway.Http1;

/// <summary>How much of a request's body was read.</summary>
internal sealed class RequestBody
{
    private BodyKind _kind;
    private ChunkedDecoder _chunks;

    /// <summary>Bytes that are to come, where their number is known.</summary>
    public long Left { get; private set; }

    /// <summary>Data that was read.</summary>
    public long Read { get; private set; }

    public TrailerBytes Trailer { get; } = new();

    public bool IsChunked => _kind == BodyKind.Chunked;

    public bool IsDone => IsChunked ? _chunks.IsDone : Left == 0;

    /// <summary>Whether it is no body at all.</summary>
    public bool IsBad => _chunks.IsBad;

    /// <param name="head">Of the request; null where there is none.</param>
    public void Begin(RequestHead? head)
    {
        _kind = head?.Body ?? BodyKind.None;
        _chunks = default;
        Left = head?.ContentLength ?? 0;
        Read = 0;
        Trailer.Clear();
    }

    /// <summary>Takes bytes of a body with a length.</summary>
    public void Take(int count)
    {
        Left -= count;
        Read += count;
    }

    /// <summary>Takes a piece of a chunked one.</summary>
    public (int Read, int Written) Decode(ReadOnlySpan<byte> input, Span<byte> output)
    {
        var result = _chunks.Decode(input, output, Trailer);
        Read += result.Written;
        return result;
    }
}
