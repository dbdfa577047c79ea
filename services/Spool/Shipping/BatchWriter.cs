using ApiSvc.Spool.Wire;

namespace ApiSvc.Spool.Shipping;

/// <summary>
/// Puts a batch together: a message of spool id (field 1), lane (2), first sequence (3) and records (4), which are copied
/// as they are.
/// </summary>
internal sealed class BatchWriter
{
    private const int SpoolIdField = 1;
    private const int LaneField = 2;
    private const int SequenceField = 3;
    private const int RecordsField = 4;

    // Tag and length of a record.
    private const int Overhead = 5;

    private readonly byte[] _bytes = new byte[ShippingOptions.LargestBatch];
    private int _length;

    /// <summary>Records in it.</summary>
    public int Count { get; private set; }

    public void Begin(Guid spoolId, int lane, ulong firstSequence)
    {
        var message = new ProtoWriter(_bytes);
        message.Id(SpoolIdField, spoolId);
        message.Number(LaneField, (uint)lane);
        message.Number(SequenceField, firstSequence);
        _length = message.Length;
        Count = 0;
    }

    /// <param name="record">A record.</param>
    /// <param name="limit">The longest batch of more than one record.</param>
    /// <returns>Whether there was room.</returns>
    public bool TryAdd(ReadOnlySpan<byte> record, int limit)
    {
        if (Count > 0 && _length + record.Length + Overhead > limit)
        {
            return false;
        }

        var message = new ProtoWriter(_bytes.AsSpan(_length));
        message.Element(RecordsField, record);
        _length += message.Length;
        Count++;
        return true;
    }

    public byte[] ToArray() => _bytes[.._length];
}
