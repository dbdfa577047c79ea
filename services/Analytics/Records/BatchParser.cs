namespace ApiSvc.Analytics.Records;

/// <summary>Reads messages of the topic: <c>apisvc.call_records.v1.CallRecordBatch</c>.</summary>
internal sealed class BatchParser(CallParser calls, CallTimes times)
{
    // Far from where adding the number of records would overflow.
    private const ulong HighestSequence = long.MaxValue / 2;

    public CallMessage Parse(int partition, long before, long after, ReadOnlyMemory<byte> value)
    {
        var head = ReadHead(value.Span);
        if (head.Fault is not null)
        {
            return new()
            {
                Partition = partition,
                Before = before,
                After = after,
                Value = value,
                Fault = head.Fault,
            };
        }

        var (read, faulty) = ReadRecords(value, head);
        return new()
        {
            Partition = partition,
            Before = before,
            After = after,
            Value = value,
            SpoolId = head.Spool,
            Lane = head.Lane,
            FirstSequence = head.First,
            Calls = read,
            Faulty = faulty,
        };
    }

    private static Head ReadHead(ReadOnlySpan<byte> message)
    {
        var reader = new WireReader(message);
        var spool = Guid.Empty;
        uint lane = 0;
        ulong first = 0;
        var records = new List<Range>();
        while (reader.Next(out var field, out var type))
        {
            switch (field, type)
            {
                case (1, WireType.Bytes):
                    var id = message[reader.Bytes()];
                    spool = id.Length == 16 ? new Guid(id, bigEndian: true) : Guid.Empty;
                    break;
                case (2, WireType.Varint):
                    lane = (uint)reader.Varint();
                    break;
                case (3, WireType.Varint):
                    first = reader.Varint();
                    break;
                case (4, WireType.Bytes):
                    records.Add(reader.Bytes());
                    break;
                default:
                    reader.Skip(type);
                    break;
            }
        }

        var fault =
            reader.Failed ? "The message breaks off or is malformed."
            : spool == Guid.Empty ? "Its spool_id is no UUID of 16 bytes."
            : first > HighestSequence ? "Its first_sequence is no number that a spool gives."
            : null;
        return new(spool, lane, (long)first, records, fault);
    }

    private (List<ParsedCall> Read, List<FaultyRecord> Faulty) ReadRecords(
        ReadOnlyMemory<byte> message,
        Head head
    )
    {
        var read = new List<ParsedCall>(head.Records.Count);
        var faulty = new List<FaultyRecord>();
        foreach (var (index, range) in head.Records.Index())
        {
            var payload = message[range];
            var call = calls.Parse(payload, out var fault);
            fault ??= times.Judge(call!.StartUs);
            if (fault is null)
            {
                call!.Sequence = head.First + index;
                read.Add(call);
            }
            else
            {
                faulty.Add(new(index, fault, payload));
            }
        }

        return (read, faulty);
    }

    private sealed record Head(
        Guid Spool,
        uint Lane,
        long First,
        IReadOnlyList<Range> Records,
        string? Fault
    );
}
