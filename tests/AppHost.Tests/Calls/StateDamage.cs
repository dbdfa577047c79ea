namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>What happens to files on bad disks and at sudden ends.</summary>
internal sealed record StateDamage(string Name, Action<string> Apply)
{
    public static StateDamage CutShort { get; } =
        new("cut short", file => Truncate(file, new FileInfo(file).Length - 7));

    public static IReadOnlyList<StateDamage> All { get; } =
    [CutShort, new("with wrong bytes", Flip), new("emptied", file => Truncate(file, 0))];

    private static void Flip(string file)
    {
        var bytes = File.ReadAllBytes(file);
        foreach (var i in (int[])[1, 20, 40])
        {
            bytes[^i] ^= 0x40;
        }

        File.WriteAllBytes(file, bytes);
    }

    private static void Truncate(string file, long length)
    {
        using var stream = File.OpenWrite(file);
        stream.SetLength(length);
    }
}
