using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace KafkaBroker.Storage;

/// <summary>The head of a record batch of version 2, the form in which records travel and are stored.</summary>
/// <param name="Size">Of the whole batch, in bytes.</param>
/// <param name="MaxTimestamp">Of its records, in milliseconds since 1970.</param>
/// <param name="ProducerId">-1 from a producer that is not idempotent.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BatchHeader(
    long BaseOffset,
    int Size,
    uint Crc,
    short Attributes,
    int LastOffsetDelta,
    long MaxTimestamp,
    long ProducerId,
    short ProducerEpoch,
    int BaseSequence,
    int Count
)
{
    public const int Bytes = 61;

    /// <summary>The checksum covers all from here on; offset and leader epoch, which the broker sets, are before it.</summary>
    public const int CrcStart = 21;

    private const int SizePrefix = 12;
    private const byte Version = 2;

    public long LastOffset => BaseOffset + LastOffsetDelta;

    /// <summary>The sequence number of the last record; they start again at 0 after 2^31 - 1.</summary>
    public int LastSequence => (int)(((long)BaseSequence + LastOffsetDelta) & int.MaxValue);

    /// <summary>0 none, 1 gzip, 2 snappy, 3 lz4, 4 zstd.</summary>
    public int Compression => Attributes & 0x07;

    public bool IsTransactional => (Attributes & 0x10) != 0;

    public bool IsControl => (Attributes & 0x20) != 0;

    /// <summary>Of any version: where the version is stored has not changed.</summary>
    public static bool IsOtherVersion(ReadOnlySpan<byte> batch) =>
        batch.Length > 16 && batch[16] != Version;

    /// <summary>Reads a header that can be one; whether the batch is whole is for the caller to see.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, out BatchHeader header)
    {
        header = default;
        if (bytes.Length < Bytes || bytes[16] != Version)
        {
            return false;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(bytes[8..]);
        if (length is < Bytes - SizePrefix or > int.MaxValue - SizePrefix)
        {
            return false;
        }

        header = new(
            BinaryPrimitives.ReadInt64BigEndian(bytes),
            length + SizePrefix,
            BinaryPrimitives.ReadUInt32BigEndian(bytes[17..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[21..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[23..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[35..]),
            BinaryPrimitives.ReadInt64BigEndian(bytes[43..]),
            BinaryPrimitives.ReadInt16BigEndian(bytes[51..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[53..]),
            BinaryPrimitives.ReadInt32BigEndian(bytes[57..])
        );
        return header.LastOffsetDelta >= 0;
    }

    /// <summary>Puts the batch at its place in the log.</summary>
    public static void Place(Span<byte> batch, long baseOffset)
    {
        BinaryPrimitives.WriteInt64BigEndian(batch, baseOffset);
        BinaryPrimitives.WriteInt32BigEndian(batch[12..], 0);
    }
}
