using System.Buffers;

namespace KafkaBroker.Storage;

/// <summary>Reads a segment's file from its start and cuts it behind the last whole batch.</summary>
internal static class SegmentRecovery
{
    /// <param name="segment">A segment that has taken up nothing yet.</param>
    /// <param name="onBatch">Is given each whole batch, in order.</param>
    /// <returns>The number of bytes cut off.</returns>
    public static long Recover(Segment segment, Action<BatchHeader> onBatch)
    {
        var end = segment.FileLength;
        while (TryReadBatch(segment, end, out var header))
        {
            segment.Take(header);
            onBatch(header);
        }

        var torn = end - segment.Length;
        if (torn > 0)
        {
            segment.CutToLength();
        }

        return torn;
    }

    private static bool TryReadBatch(Segment segment, long end, out BatchHeader header)
    {
        Span<byte> head = stackalloc byte[BatchHeader.Bytes];
        var left = end - segment.Length;
        if (
            segment.Read(head, segment.Length) < head.Length
            || !BatchHeader.TryParse(head, out header)
            || header.Size > left
            || header.BaseOffset != segment.NextOffset
        )
        {
            header = default;
            return false;
        }

        var batch = ArrayPool<byte>.Shared.Rent(header.Size);
        try
        {
            var bytes = batch.AsSpan(0, header.Size);
            return segment.Read(bytes, segment.Length) == header.Size
                && Crc32C.Of(bytes[BatchHeader.CrcStart..]) == header.Crc;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(batch);
        }
    }
}
