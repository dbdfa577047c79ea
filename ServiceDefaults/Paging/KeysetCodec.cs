using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace ApiSvc.ServiceDefaults.Paging;

/// <summary>
/// Writes keyset values as bytes: <c>Guid</c>, <c>long</c>, <c>string</c>, <c>DateTimeOffset</c> (as UTC, to the
/// 100 ns), or a value tuple of up to seven of them.
/// </summary>
internal static class KeysetCodec<TKey>
    where TKey : struct
{
    private static readonly Type[] Parts = FindParts();

    public static byte[] Write(TKey key)
    {
        var bytes = new MemoryStream();
        if (key is ITuple tuple)
        {
            for (var i = 0; i < Parts.Length; i++)
            {
                WritePart(bytes, tuple[i]!);
            }
        }
        else
        {
            WritePart(bytes, key);
        }

        return bytes.ToArray();
    }

    public static bool TryRead(ReadOnlySpan<byte> bytes, out TKey key)
    {
        key = default;
        var values = new object[Parts.Length];
        for (var i = 0; i < Parts.Length; i++)
        {
            if (ReadPart(ref bytes, Parts[i]) is not { } value)
            {
                return false;
            }

            values[i] = value;
        }

        key =
            key is ITuple ? (TKey)Activator.CreateInstance(typeof(TKey), values)! : (TKey)values[0];
        return bytes.IsEmpty;
    }

    private static Type[] FindParts()
    {
        var parts = default(TKey) is ITuple ? typeof(TKey).GetGenericArguments() : [typeof(TKey)];
        return parts.FirstOrDefault(p => !IsSupported(p)) is { } wrong
            ? throw new NotSupportedException($"A cursor cannot hold a {wrong}.")
            : parts;
    }

    private static bool IsSupported(Type type) =>
        type == typeof(Guid)
        || type == typeof(long)
        || type == typeof(string)
        || type == typeof(DateTimeOffset);

    private static void WritePart(MemoryStream bytes, object value)
    {
        Span<byte> buffer = stackalloc byte[16];
        switch (value)
        {
            case Guid guid:
                guid.TryWriteBytes(buffer, bigEndian: true, out _);
                bytes.Write(buffer);
                break;
            case long number:
                BinaryPrimitives.WriteInt64BigEndian(buffer, number);
                bytes.Write(buffer[..8]);
                break;
            case DateTimeOffset time:
                BinaryPrimitives.WriteInt64BigEndian(buffer, time.UtcTicks);
                bytes.Write(buffer[..8]);
                break;
            default:
                var text = Encoding.UTF8.GetBytes((string)value);
                BinaryPrimitives.WriteInt32BigEndian(buffer, text.Length);
                bytes.Write(buffer[..4]);
                bytes.Write(text);
                break;
        }
    }

    private static object? ReadPart(ref ReadOnlySpan<byte> bytes, Type type)
    {
        if (type == typeof(Guid))
        {
            return Take(ref bytes, 16, out var guid) ? new Guid(guid, bigEndian: true) : null;
        }

        if (type == typeof(string))
        {
            return
                Take(ref bytes, 4, out var length)
                && Take(ref bytes, BinaryPrimitives.ReadInt32BigEndian(length), out var text)
                ? Encoding.UTF8.GetString(text)
                : null;
        }

        if (!Take(ref bytes, 8, out var eight))
        {
            return null;
        }

        var number = BinaryPrimitives.ReadInt64BigEndian(eight);
        if (type == typeof(long))
        {
            return number;
        }

        return number >= 0 && number <= DateTimeOffset.MaxValue.UtcTicks
            ? new DateTimeOffset(number, TimeSpan.Zero)
            : null;
    }

    private static bool Take(ref ReadOnlySpan<byte> bytes, int length, out ReadOnlySpan<byte> taken)
    {
        if (length < 0 || length > bytes.Length)
        {
            taken = [];
            return false;
        }

        taken = bytes[..length];
        bytes = bytes[length..];
        return true;
    }
}
