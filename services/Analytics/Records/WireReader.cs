using System.Runtime.InteropServices;

namespace ApiSvc.Analytics.Records;

/// <summary>
/// Reads the Protobuf wire format (protobuf.dev/programming-guides/encoding) from a span, without allocating. What is
/// malformed ends the reading and sets <see cref="Failed"/>.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal ref struct WireReader(ReadOnlySpan<byte> data)
{
    private readonly ReadOnlySpan<byte> _data = data;

    /// <summary>Where the next byte is.</summary>
    public int At { get; private set; }

    /// <summary>Whether something was malformed.</summary>
    public bool Failed { get; private set; }

    /// <summary>Goes to the next field.</summary>
    /// <returns>False at the end, and where it is malformed.</returns>
    public bool Next(out int field, out WireType type)
    {
        field = 0;
        type = default;
        if (Failed || At >= _data.Length)
        {
            return false;
        }

        var tag = Varint();
        field = (int)(tag >> 3);
        type = (WireType)(tag & 7);
        if (Failed || tag > uint.MaxValue || field == 0)
        {
            return Fail();
        }

        return true;
    }

    public ulong Varint()
    {
        // Nearly all are of one or two bytes.
        if (At < _data.Length && _data[At] < 0x80)
        {
            return _data[At++];
        }

        ulong value = 0;
        for (var shift = 0; shift < 70 && At < _data.Length; shift += 7)
        {
            var b = _data[At++];
            value |= (ulong)(b & 0x7f) << shift;
            if (b < 0x80)
            {
                return value;
            }
        }

        Fail();
        return 0;
    }

    /// <summary>A field of a length and so many bytes.</summary>
    public Range Bytes()
    {
        var length = Varint();
        if (Failed || length > (ulong)(_data.Length - At))
        {
            Fail();
            return default;
        }

        var start = At;
        At += (int)length;
        return start..At;
    }

    /// <summary>Goes over a field that is not known.</summary>
    public void Skip(WireType type)
    {
        switch (type)
        {
            case WireType.Varint:
                Varint();
                break;
            case WireType.Bytes:
                Bytes();
                break;
            case WireType.Fixed64:
                Move(8);
                break;
            case WireType.Fixed32:
                Move(4);
                break;
            default:
                Fail();
                break;
        }
    }

    private void Move(int count)
    {
        if (count > _data.Length - At)
        {
            Fail();
        }
        else
        {
            At += count;
        }
    }

    private bool Fail()
    {
        Failed = true;
        At = _data.Length;
        return false;
    }
}

/// <summary>How a field is written. Groups, which no contract here has, count as malformed.</summary>
internal enum WireType
{
    Varint = 0,
    Fixed64 = 1,
    Bytes = 2,
    Fixed32 = 5,
}
