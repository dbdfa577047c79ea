using System.Buffers.Binary;

namespace ApiSvc.Spool.Segments;

/// <summary>
/// The first bytes of a segment: magic (8) | version (4) | lane (4) | spool id (16) | made at, Unix milliseconds (8) |
/// CRC-32C of these (4) | unused (4) | sequence of its first record, 0 before it is used (8) | sequence up to which Kafka
/// has its records (8).
/// </summary>
/// <param name="SpoolId">The numbering that its sequences belong to.</param>
/// <param name="Lane">Its lane.</param>
/// <param name="CreatedAt">When it was made.</param>
internal sealed record SegmentHeader(Guid SpoolId, int Lane, DateTimeOffset CreatedAt)
{
    public const int Length = 64;
    public const int FirstSequenceAt = 48;
    public const int ShippedAt = 56;

    private const int Version = 1;
    private const int ChecksumAt = 40;

    private static ReadOnlySpan<byte> Magic => "APISPOOL"u8;

    public void Write(Span<byte> bytes)
    {
        Magic.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[8..], Version);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[12..], Lane);
        SpoolId.TryWriteBytes(bytes[16..], bigEndian: true, out _);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[32..], CreatedAt.ToUnixTimeMilliseconds());
        BinaryPrimitives.WriteUInt32LittleEndian(
            bytes[ChecksumAt..],
            Checksum.Of(bytes[..ChecksumAt])
        );
    }

    /// <returns>Null if it is no header of a segment.</returns>
    public static SegmentHeader? Read(ReadOnlySpan<byte> bytes) =>
        bytes.Length >= Length
        && bytes.StartsWith(Magic)
        && BinaryPrimitives.ReadInt32LittleEndian(bytes[8..]) == Version
        && BinaryPrimitives.ReadUInt32LittleEndian(bytes[ChecksumAt..])
            == Checksum.Of(bytes[..ChecksumAt])
            ? new(
                new Guid(bytes.Slice(16, 16), bigEndian: true),
                BinaryPrimitives.ReadInt32LittleEndian(bytes[12..]),
                DateTimeOffset.FromUnixTimeMilliseconds(
                    BinaryPrimitives.ReadInt64LittleEndian(bytes[32..])
                )
            )
            : null;
}
