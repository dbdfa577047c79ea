using System.Runtime.InteropServices;
using System.Text;
using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Http1.Wire;

/// <summary>
/// The fields of one message, where they are in its head, and those that were added since. Used for one message after
/// the other: nothing is allocated but what a longer message than all before needs.
/// </summary>
internal sealed class FieldTable : HeaderFields
{
    private byte[] _bytes = new byte[2_048];
    private Field[] _fields = new Field[24];
    private int _used;
    private int _count;
    private ulong _known;

    /// <summary>How many fields there are, with those that were removed.</summary>
    public int Length => _count;

    public void Clear()
    {
        _used = 0;
        _count = 0;
        _known = 0;
    }

    /// <summary>
    /// Reads the lines of a head: each ends with CRLF, the last one is empty. What is strict is strict by RFC 9112
    /// section 5: no space before the colon, no folded line, no control character.
    /// </summary>
    /// <param name="lines">The lines with the empty one.</param>
    /// <param name="maxLines">More are too many.</param>
    public HeadFault Read(ReadOnlySpan<byte> lines, int maxLines)
    {
        var start = Keep(lines);
        lines = _bytes.AsSpan(start, lines.Length);
        var at = 0;
        while (true)
        {
            var line = lines[at..];
            if (line.StartsWith(WireBytes.NewLine))
            {
                return line.Length == 2 ? HeadFault.None : HeadFault.BadLine;
            }

            if (maxLines-- == 0)
            {
                return HeadFault.TooManyLines;
            }

            var colon = line.IndexOfAnyExcept(WireBytes.Token);
            if (colon <= 0 || line[colon] != ':')
            {
                return HeadFault.BadFieldName;
            }

            var value = colon + 1;
            while (line[value] is (byte)' ' or (byte)'\t')
            {
                value++;
            }

            var end = line[value..].IndexOfAnyExcept(WireBytes.Value);
            if (end < 0 || !line[(value + end)..].StartsWith(WireBytes.NewLine))
            {
                return HeadFault.BadFieldValue;
            }

            var next = value + end + 2;
            while (end > 0 && line[value + end - 1] is (byte)' ' or (byte)'\t')
            {
                end--;
            }

            AddRead(start + at, colon, start + at + value, end);
            at += next;
        }
    }

    public override int Count(HeaderName name)
    {
        if (!MayHave(name))
        {
            return 0;
        }

        var count = 0;
        foreach (ref readonly var field in Fields)
        {
            count += Is(field, name) ? 1 : 0;
        }

        return count;
    }

    public override ReadOnlySpan<byte> Get(HeaderName name, int line = 0)
    {
        if (MayHave(name))
        {
            foreach (ref readonly var field in Fields)
            {
                if (Is(field, name) && line-- == 0)
                {
                    return ValueOf(field);
                }
            }
        }

        return default;
    }

    public override void Set(HeaderName name, ReadOnlySpan<byte> value)
    {
        Remove(name);
        Add(name, value);
    }

    public override void Add(HeaderName name, ReadOnlySpan<byte> value)
    {
        var start = Keep(value);
        Append(new(name, Field.OfName, 0, start, value.Length));
    }

    public override void Remove(HeaderName name)
    {
        if (!MayHave(name))
        {
            return;
        }

        foreach (ref var field in Fields)
        {
            field = Is(field, name) ? Field.Removed : field;
        }
    }

    /// <summary>The known name of a field; null if it is none or the field was removed.</summary>
    public HeaderName? KnownAt(int index) => _fields[index].Name;

    public bool IsRemoved(int index) => _fields[index].IsRemoved;

    public ReadOnlySpan<byte> NameAt(int index) => NameOf(_fields[index]);

    public ReadOnlySpan<byte> ValueAt(int index) => ValueOf(_fields[index]);

    /// <summary>Removes all lines of a name that a message itself said, whatever its case.</summary>
    public void Remove(ReadOnlySpan<byte> name)
    {
        foreach (ref var field in Fields)
        {
            field =
                !field.IsRemoved && Ascii.EqualsIgnoreCase(name, NameOf(field))
                    ? Field.Removed
                    : field;
        }
    }

    private Span<Field> Fields => _fields.AsSpan(0, _count);

    private bool MayHave(HeaderName name) => name.Index < 0 || (_known & (1ul << name.Index)) != 0;

    private bool Is(in Field field, HeaderName name) =>
        !field.IsRemoved
        && (
            ReferenceEquals(field.Name, name)
            || (name.Index < 0 && Ascii.EqualsIgnoreCase(name.Utf8.Span, NameOf(field)))
        );

    private ReadOnlySpan<byte> NameOf(in Field field) =>
        field.NameStart == Field.OfName
            ? field.Name!.Utf8.Span
            : _bytes.AsSpan(field.NameStart, field.NameLength);

    private ReadOnlySpan<byte> ValueOf(in Field field) =>
        _bytes.AsSpan(field.ValueStart, field.ValueLength);

    private void AddRead(int name, int nameLength, int value, int valueLength) =>
        Append(
            new(
                HeaderName.Find(_bytes.AsSpan(name, nameLength)),
                name,
                nameLength,
                value,
                valueLength
            )
        );

    private void Append(in Field field)
    {
        if (_count == _fields.Length)
        {
            Array.Resize(ref _fields, _count * 2);
        }

        _fields[_count++] = field;
        if (field.Name is { Index: >= 0 } known)
        {
            _known |= 1ul << known.Index;
        }
    }

    // What was handed out before stays readable: it is in the array that is left behind.
    private int Keep(ReadOnlySpan<byte> bytes)
    {
        if (_bytes.Length - _used < bytes.Length)
        {
            var larger = new byte[Math.Max(_bytes.Length * 2, _used + bytes.Length)];
            _bytes.AsSpan(0, _used).CopyTo(larger);
            _bytes = larger;
        }

        bytes.CopyTo(_bytes.AsSpan(_used));
        _used += bytes.Length;
        return _used - bytes.Length;
    }

    /// <param name="Name">A known name, or one that was added; null for another one that came.</param>
    /// <param name="NameStart">Where it is; <see cref="OfName"/> if it is that of <paramref name="Name"/>.</param>
    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Field(
        HeaderName? Name,
        int NameStart,
        int NameLength,
        int ValueStart,
        int ValueLength
    )
    {
        public const int OfName = -1;

        public static readonly Field Removed = new(null, -2, 0, 0, 0);

        public bool IsRemoved => NameStart < OfName;
    }
}
