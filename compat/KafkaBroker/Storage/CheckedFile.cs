using System.Buffers.Binary;

namespace KafkaBroker.Storage;

/// <summary>Small files that are written whole: there is the old one or the new one, and a damaged one is noticed.</summary>
internal static class CheckedFile
{
    public static void Write(string path, Action<BinaryWriter> write)
    {
        using var content = new MemoryStream();
        using var writer = new BinaryWriter(content);
        write(writer);
        writer.Flush();
        Span<byte> crc = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(
            crc,
            Crc32C.Of(content.GetBuffer().AsSpan(0, (int)content.Length))
        );
        content.Write(crc);

        var next = path + ".next";
        File.WriteAllBytes(next, content.GetBuffer().AsSpan(0, (int)content.Length));
        File.Move(next, path, overwrite: true);
    }

    /// <returns>Its content, or null if there is none or it is damaged.</returns>
    public static BinaryReader? TryRead(string path)
    {
        if (!File.Exists(path))
        {
            return null;
        }

        var bytes = File.ReadAllBytes(path);
        var length = bytes.Length - sizeof(uint);
        return
            length >= 0
            && BinaryPrimitives.ReadUInt32BigEndian(bytes.AsSpan(length))
                == Crc32C.Of(bytes.AsSpan(0, length))
            ? new BinaryReader(new MemoryStream(bytes, 0, length))
            : null;
    }
}
