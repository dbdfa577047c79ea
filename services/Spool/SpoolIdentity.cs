using System.Text;

namespace ApiSvc.Spool;

/// <summary>
/// Which numbering the records of a folder are in. It goes on in the next process; but not where the machine went down
/// without the spool being closed: records that Kafka has may then be missing here, and new ones with their numbers would
/// be taken for repeats.
/// </summary>
/// <param name="Id">UUIDv7 of the numbering.</param>
/// <param name="Boot">The machine's run in which it is used.</param>
/// <param name="IsClosed">Whether everything was on the disk when it was left.</param>
internal sealed record SpoolIdentity(Guid Id, string Boot, bool IsClosed)
{
    private const string FileName = "spool";
    private const string BootPath = "/proc/sys/kernel/random/boot_id";

    /// <summary>The machine's present run.</summary>
    public static string ReadBoot() =>
        File.Exists(BootPath) ? File.ReadAllText(BootPath).Trim() : "";

    /// <returns>Null for a new folder, or if what is there cannot be read.</returns>
    public static SpoolIdentity? Load(string folder)
    {
        var path = Path.Combine(folder, FileName);
        if (!File.Exists(path))
        {
            return null;
        }

        var lines = File.ReadAllLines(path);
        return lines.Length == 3 && Guid.TryParse(lines[0], out var id)
            ? new(id, lines[1], lines[2] == "closed")
            : null;
    }

    /// <summary>Whether its numbers can go on.</summary>
    public bool GoesOn(string boot) => IsClosed || Boot == boot;

    public void Save(string folder)
    {
        var path = Path.Combine(folder, FileName);
        var text = $"{Id:d}\n{Boot}\n{(IsClosed ? "closed" : "open")}\n";
        using (var file = new FileStream(path + ".new", FileMode.Create, FileAccess.Write))
        {
            file.Write(Encoding.ASCII.GetBytes(text));
            file.Flush(flushToDisk: true);
        }

        File.Move(path + ".new", path, overwrite: true);
    }
}
