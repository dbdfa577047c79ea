using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using KafkaBroker.Storage;

namespace KafkaBroker.Protocol;

/// <summary>
/// Collects an answer. Records are not copied into it: it remembers the region of the file, and where it belongs.
/// </summary>
internal sealed class KafkaWriter : IDisposable
{
    private readonly ArrayBufferWriter<byte> _fields = new(256);
    private readonly List<(int Position, FileRegion Region)> _regions = [];

    /// <summary>The fields without the regions.</summary>
    public ReadOnlyMemory<byte> Fields => _fields.WrittenMemory;

    /// <summary>Regions in their order, each before the field byte at its position.</summary>
    public IReadOnlyList<(int Position, FileRegion Region)> Regions => _regions;

    /// <summary>Of fields and regions together.</summary>
    public long Length =>
        _fields.WrittenCount + _regions.Sum(spliced => (long)spliced.Region.Length);

    public void Bool(bool value) => Int8((sbyte)(value ? 1 : 0));

    public void Int8(sbyte value)
    {
        _fields.GetSpan(1)[0] = (byte)value;
        _fields.Advance(1);
    }

    public void Int16(short value)
    {
        BinaryPrimitives.WriteInt16BigEndian(_fields.GetSpan(2), value);
        _fields.Advance(2);
    }

    public void Int32(int value)
    {
        BinaryPrimitives.WriteInt32BigEndian(_fields.GetSpan(4), value);
        _fields.Advance(4);
    }

    public void Int64(long value)
    {
        BinaryPrimitives.WriteInt64BigEndian(_fields.GetSpan(8), value);
        _fields.Advance(8);
    }

    public void Error(ErrorCode code) => Int16((short)code);

    public void String(string? value)
    {
        if (value is null)
        {
            Int16(-1);
            return;
        }

        var length = Encoding.UTF8.GetByteCount(value);
        Int16(checked((short)length));
        Encoding.UTF8.GetBytes(value, _fields.GetSpan(length));
        _fields.Advance(length);
    }

    public void Bytes(ReadOnlySpan<byte> value)
    {
        Int32(value.Length);
        _fields.Write(value);
    }

    /// <summary>Takes the region over: it is released with this writer.</summary>
    public void Records(FileRegion? region)
    {
        Int32(region?.Length ?? 0);
        if (region is not null)
        {
            _regions.Add((_fields.WrittenCount, region));
        }
    }

    public void Array<T>(IReadOnlyCollection<T> elements, Action<T> write)
    {
        Int32(elements.Count);
        foreach (var element in elements)
        {
            write(element);
        }
    }

    /// <summary>The array of topics, each with its name and its array of partitions.</summary>
    public void Topics<T>(IReadOnlyCollection<TopicResult<T>> topics, Action<T> writePartition) =>
        Array(
            topics,
            topic =>
            {
                String(topic.Name);
                Array(topic.Partitions, writePartition);
            }
        );

    public void Dispose()
    {
        foreach (var (_, region) in _regions)
        {
            region.Dispose();
        }
    }
}
