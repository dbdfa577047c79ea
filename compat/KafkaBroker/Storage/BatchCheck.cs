using KafkaBroker.Protocol;

namespace KafkaBroker.Storage;

/// <summary>What a batch has to be before it is appended. Its records are not looked at: they may be compressed.</summary>
internal static class BatchCheck
{
    private const int Zstd = 4;
    private const short FirstProduceWithZstd = 7;

    public static ErrorCode Check(
        ReadOnlySpan<byte> records,
        short produceVersion,
        int maxBytes,
        out BatchHeader header
    )
    {
        header = default;
        if (BatchHeader.IsOtherVersion(records))
        {
            return ErrorCode.UnsupportedForMessageFormat;
        }

        if (records.Length > maxBytes)
        {
            return ErrorCode.MessageTooLarge;
        }

        if (!BatchHeader.TryParse(records, out header) || header.Size > records.Length)
        {
            return ErrorCode.CorruptMessage;
        }

        if (header.Crc != Crc32C.Of(records[BatchHeader.CrcStart..header.Size]))
        {
            return ErrorCode.CorruptMessage;
        }

        // One batch a partition since Produce 3; no transactions, so no batches of them.
        if (
            header.Size != records.Length
            || header.Count != (long)header.LastOffsetDelta + 1
            || header.IsControl
            || header.IsTransactional
        )
        {
            return ErrorCode.InvalidRecord;
        }

        return
            header.Compression > Zstd
            || (header.Compression == Zstd && produceVersion < FirstProduceWithZstd)
            ? ErrorCode.UnsupportedCompressionType
            : ErrorCode.None;
    }
}
