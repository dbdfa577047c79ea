using System.Diagnostics;
using ApiSvc.Testing;

namespace ApiSvc.Spool.Tests.Running;

/// <summary>A file system of some megabytes. Only root may mount one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var path = Directory.CreateTempSubdirectory("spool-disk-").FullName;
        await ChildProgram.RunAsync(
            new ProcessStartInfo(
                "mount",
                ["-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", path]
            )
        );
        return new(path);
    }

    public async ValueTask DisposeAsync()
    {
        await ChildProgram.RunAsync(new ProcessStartInfo("umount", [Path]));
        Directory.Delete(Path);
    }
}
