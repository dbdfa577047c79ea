using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace ApiSvc.Spool.Segments;

/// <summary>
/// A record in a segment: length (4 bytes, little endian as all here) | CRC-32C over all but itself (4) | sequence (8) |
/// time in Unix milliseconds, from a clock of some 10 ms (8) | the record, and up to the next multiple of 8. The length
/// is written last and makes the record one; 0 is the end.
/// </summary>
internal readonly ref struct Frame
{
    public const int HeaderLength = 24;
    private const int Alignment = 8;

    private Frame(ulong sequence, long time, ReadOnlySpan<byte> record)
    {
        Sequence = sequence;
        Time = time;
        Record = record;
    }

    public ulong Sequence { get; }

    public long Time { get; }

    public ReadOnlySpan<byte> Record { get; }

    public int Size => SizeOf(Record.Length);

    public static int SizeOf(int recordLength) =>
        (HeaderLength + recordLength + Alignment - 1) & ~(Alignment - 1);

    /// <summary>Makes what was written behind the header a record.</summary>
    public static void Commit(Span<byte> frame, int recordLength, ulong sequence, long time)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(frame[8..], sequence);
        BinaryPrimitives.WriteInt64LittleEndian(frame[16..], time);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], ChecksumOf(frame, recordLength));
        ref var length = ref Unsafe.As<byte, int>(ref MemoryMarshal.GetReference(frame));
        Volatile.Write(
            ref length,
            BitConverter.IsLittleEndian
                ? recordLength
                : BinaryPrimitives.ReverseEndianness(recordLength)
        );
    }

    /// <summary>Reads the record at the start of the bytes.</summary>
    /// <param name="bytes">From where a record is expected.</param>
    /// <param name="frame">The record, if there is one.</param>
    public static FrameStatus TryRead(ReadOnlySpan<byte> bytes, out Frame frame)
    {
        frame = default;
        if (bytes.Length < HeaderLength)
        {
            return FrameStatus.Incomplete;
        }

        var length = BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length is <= 0 or > RecordSpool.MaxRecordBytes)
        {
            return length == 0 ? FrameStatus.End : FrameStatus.Broken;
        }

        if (bytes.Length < SizeOf(length))
        {
            return FrameStatus.Incomplete;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(bytes[4..]) != ChecksumOf(bytes, length))
        {
            return FrameStatus.Broken;
        }

        frame = new(
            BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]),
            bytes.Slice(HeaderLength, length)
        );
        return FrameStatus.Whole;
    }

    /// <summary>Finds the next record behind a place where there is none.</summary>
    /// <param name="bytes">From that place on.</param>
    /// <param name="sequence">Of the first record that can be there.</param>
    /// <param name="offset">Where it is; where to go on looking, if it is not in these bytes.</param>
    public static bool TryFind(ReadOnlySpan<byte> bytes, ulong sequence, out int offset)
    {
        for (offset = Alignment; offset + HeaderLength <= bytes.Length; offset += Alignment)
        {
            // What looks like a record may be within the content of another: its number must be near.
            if (
                TryRead(bytes[offset..], out var frame) == FrameStatus.Whole
                && frame.Sequence - sequence < int.MaxValue
            )
            {
                return true;
            }
        }

        return false;
    }

    private static uint ChecksumOf(ReadOnlySpan<byte> frame, int recordLength) =>
        ~Checksum.Add(
            System.Numerics.BitOperations.Crc32C(Checksum.Start, (uint)recordLength),
            frame[8..(HeaderLength + recordLength)]
        );
}

/// <summary>What is where a record is expected.</summary>
internal enum FrameStatus
{
    Whole,

    /// <summary>Nothing was written here yet.</summary>
    End,

    /// <summary>More bytes are needed to tell.</summary>
    Incomplete,

    /// <summary>No record: cut off, or changed on the disk.</summary>
    Broken,
}
