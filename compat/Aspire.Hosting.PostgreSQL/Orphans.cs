using System.Diagnostics;

namespace Aspire.Hosting.Postgres;

/// <summary>
/// Backends of a server that was killed. They see it within moments and end, and until then no other server starts on the
/// data ("pre-existing shared memory block is still in use").
/// </summary>
internal static class Orphans
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Waits until none is left. Past a while the server itself tells what is wrong.</summary>
    public static async Task EndAsync(string data, CancellationToken ct)
    {
        var start = Stopwatch.GetTimestamp();
        while (AreAt(data) && Stopwatch.GetElapsedTime(start) < Patience)
        {
            await Task.Delay(Pause, ct);
        }
    }

    // A backend's working directory is the data.
    private static bool AreAt(string data) =>
        Directory
            .EnumerateDirectories("/proc")
            .Any(process => DirectoryOf(process) == Path.GetFullPath(data));

    private static string? DirectoryOf(string process)
    {
        try
        {
            return new FileInfo(Path.Combine(process, "cwd")).LinkTarget;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is somebody else's.
            return null;
        }
    }
}
