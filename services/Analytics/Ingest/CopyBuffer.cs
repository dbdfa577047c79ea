using System.Buffers.Binary;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Builds what <c>COPY … (format binary)</c> reads (PostgreSQL's documentation, "Binary Format" of COPY): a column costs a
/// few nanoseconds so, where a writer of one asynchronous call a column takes a hundred.
/// </summary>
internal sealed class CopyBuffer
{
    // Microseconds from 1970 to 2000, where Postgres begins to count.
    private const long PostgresEpochUs = 946_684_800_000_000;

    private static readonly byte[] Head =
    [
        .. "PGCOPY\n"u8,
        0xff,
        (byte)'\r',
        (byte)'\n',
        0,
        .. new byte[8],
    ];

    private byte[] _bytes = new byte[1 << 20];
    private int _length;

    public ReadOnlyMemory<byte> Written => _bytes.AsMemory(0, _length);

    public void Begin()
    {
        _length = 0;
        Raw(Head);
    }

    public void Row(int columns) => BinaryPrimitives.WriteInt16BigEndian(Room(2), (short)columns);

    public void End() => BinaryPrimitives.WriteInt16BigEndian(Room(2), -1);

    public void Null() => BinaryPrimitives.WriteInt32BigEndian(Room(4), -1);

    public void Int16(int value)
    {
        var room = Column(2);
        BinaryPrimitives.WriteInt16BigEndian(room, (short)value);
    }

    public void Int32(int value)
    {
        var room = Column(4);
        BinaryPrimitives.WriteInt32BigEndian(room, value);
    }

    public void Int64(long value)
    {
        var room = Column(8);
        BinaryPrimitives.WriteInt64BigEndian(room, value);
    }

    /// <param name="us">Microseconds since 1970.</param>
    public void Time(long us) => Int64(us - PostgresEpochUs);

    public void Uuid(Guid value) => value.TryWriteBytes(Column(16), bigEndian: true, out _);

    public void UuidOrNull(Guid value)
    {
        if (value == Guid.Empty)
        {
            Null();
        }
        else
        {
            Uuid(value);
        }
    }

    public void Bytes(ReadOnlySpan<byte> value) => value.CopyTo(Column(value.Length));

    public void BytesOrNull(ReadOnlySpan<byte> value)
    {
        if (value.IsEmpty)
        {
            Null();
        }
        else
        {
            Bytes(value);
        }
    }

    private void Raw(ReadOnlySpan<byte> value) => value.CopyTo(Room(value.Length));

    private Span<byte> Column(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(Room(4), length);
        return Room(length);
    }

    private Span<byte> Room(int length)
    {
        if (_bytes.Length - _length < length)
        {
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, _length + length));
        }

        var room = _bytes.AsSpan(_length, length);
        _length += length;
        return room;
    }
}
