using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Gateway.Sync.Disk;

/// <summary>
/// A file of sealed frames: a line that says what it is, then frames of length (4 bytes, big endian) | CRC-32C (4) |
/// sealed value. A frame is sealed to its file and its place in it, so none can be moved, repeated or left out
/// unnoticed, but for the last ones.
/// </summary>
internal static class FrameFile
{
    private const int HeaderLength = 8;
    private static readonly byte[] Title = "apisvc gateway state 1\n"u8.ToArray();

    public static FileStream Create(string path)
    {
        // Not readable for others, although it is sealed.
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            Share = FileShare.Read,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        var file = new FileStream(path, options);
        file.Write(Title);
        return file;
    }

    public static void Append(
        FileStream file,
        ISealer sealer,
        string identity,
        int index,
        ReadOnlySpan<byte> content
    )
    {
        var value = sealer.Seal(PlaceOf(identity, index), content);
        Span<byte> header = stackalloc byte[HeaderLength];
        BinaryPrimitives.WriteInt32BigEndian(header, value.Length);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], Checksum(value));
        file.Write(header);
        file.Write(value);
    }

    /// <summary>Reads frames until the end or the first that is not whole.</summary>
    /// <param name="path">The file.</param>
    /// <param name="sealer">Opens them.</param>
    /// <param name="identity">What the file is.</param>
    /// <param name="fault">Told why reading ended before the end of the file.</param>
    public static IEnumerable<byte[]> Read(
        string path,
        ISealer sealer,
        string identity,
        Action<string> fault
    )
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        var title = new byte[Title.Length];
        if (
            file.ReadAtLeast(title, title.Length, throwOnEndOfStream: false) < title.Length
            || !title.SequenceEqual(Title)
        )
        {
            fault("it is no file of states of this version");
            yield break;
        }

        var header = new byte[HeaderLength];
        for (var index = 0; ; index++)
        {
            var read = file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
            if (read == 0)
            {
                yield break;
            }

            var length = BinaryPrimitives.ReadInt32BigEndian(header);
            if (read < HeaderLength || length < 0 || length > file.Length - file.Position)
            {
                fault($"it ends within frame {index}");
                yield break;
            }

            var value = new byte[length];
            file.ReadExactly(value);
            if (Checksum(value) != BinaryPrimitives.ReadUInt32BigEndian(header.AsSpan(4)))
            {
                fault($"the checksum of frame {index} is wrong");
                yield break;
            }

            var opened = sealer.Open(PlaceOf(identity, index), value);
            if (opened.Value is null)
            {
                fault($"frame {index} does not open: {opened.Detail}");
                yield break;
            }

            yield return opened.Value;
        }
    }

    private static SealedPlace PlaceOf(string identity, int index) =>
        new("state", identity, index.ToString(CultureInfo.InvariantCulture));

    private static uint Checksum(ReadOnlySpan<byte> value)
    {
        var crc = uint.MaxValue;
        while (value.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(value));
            value = value[sizeof(ulong)..];
        }

        foreach (var b in value)
        {
            crc = BitOperations.Crc32C(crc, b);
        }

        return ~crc;
    }
}
