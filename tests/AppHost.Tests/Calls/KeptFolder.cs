namespace ApiSvc.AppHost.Tests.Calls;

/// <summary>A folder's files as they were.</summary>
internal sealed class KeptFolder : IDisposable
{
    private readonly string _folder;
    private readonly string _copy = Directory.CreateTempSubdirectory("kept-").FullName;

    public KeptFolder(string folder)
    {
        _folder = folder;
        Copy(folder, _copy);
    }

    public void Restore()
    {
        Directory.Delete(_folder, recursive: true);
        Copy(_copy, _folder);
    }

    public void Dispose() => Directory.Delete(_copy, recursive: true);

    private static void Copy(string from, string to)
    {
        Directory.CreateDirectory(to);
        foreach (var file in Directory.EnumerateFiles(from))
        {
            File.Copy(file, Path.Combine(to, Path.GetFileName(file)));
        }
    }
}
