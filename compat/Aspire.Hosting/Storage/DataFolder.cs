using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Storage;

/// <summary>
/// Where the application keeps its data: <c>APISVC_DATA</c>, <c>Aspire:Store:Path</c>, or <c>.apisvc</c> beside the
/// AppHost's folder. One application at a time has it.
/// </summary>
internal sealed class DataFolder(IConfiguration configuration, string appHostDirectory)
    : IDisposable
{
    /// <summary>Set where the folder is to be deleted in the end.</summary>
    public const string TemporaryKey = "Aspire:Store:Temporary";

    // EWOULDBLOCK: another process holds the lock.
    private const int WouldBlock = 11;

    private readonly Lock _gate = new();
    private FileStream? _lock;

    // Read late: until the application is built, its configuration may change.
    private readonly Lazy<string> _path = new(() =>
        System.IO.Path.GetFullPath(
            configuration["APISVC_DATA"]
                ?? configuration["Aspire:Store:Path"]
                ?? System.IO.Path.Combine(appHostDirectory, "..", ".apisvc")
        )
    );

    public string Path => _path.Value;

    /// <summary>A folder in it, which is made if it is not there.</summary>
    /// <exception cref="DistributedApplicationException">It cannot be written; the message names the remedy.</exception>
    public string Folder(string name)
    {
        Open();
        return Try(() => Directory.CreateDirectory(System.IO.Path.Combine(Path, name)).FullName);
    }

    /// <summary>Takes the folder for this application.</summary>
    /// <exception cref="DistributedApplicationException">
    /// It cannot be written, or another application has it; the message names the remedy.
    /// </exception>
    public void Open()
    {
        lock (_gate)
        {
            if (_lock is not null)
            {
                return;
            }

            Try(() => Directory.CreateDirectory(Path));
            Try(() =>
            {
                if (!OperatingSystem.IsWindows())
                {
                    // Postgres may run as another user, who has to get through to its own folder.
                    File.SetUnixFileMode(Path, (UnixFileMode)0b111_001_001);
                }
            });

            var file = System.IO.Path.Combine(Path, "lock");
            try
            {
                _lock = Try(() => OpenLock(file));
            }
            catch (DistributedApplicationException e) when (e.InnerException?.HResult == WouldBlock)
            {
                throw new DistributedApplicationException(
                    $"Another AppHost uses the data folder {Path}. Stop that one, or set APISVC_DATA to another folder.",
                    e
                );
            }
        }
    }

    public void Dispose()
    {
        _lock?.Dispose();
        if (_lock is not null && configuration.GetValue<bool>(TemporaryKey))
        {
            Directory.Delete(Path, recursive: true);
        }

        _lock = null;
    }

    private static FileStream OpenLock(string file) =>
        new(file, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);

    private void Try(Action action) =>
        Try(() =>
        {
            action();
            return true;
        });

    private T Try<T>(Func<T> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new DistributedApplicationException(
                $"The data folder {Path} cannot be written: {e.Message} Make it writable for this user, or set APISVC_DATA to another folder.",
                e
            );
        }
    }
}
