namespace ApiSvc.Bench.Gateway;

/// <summary>A folder of this run, removed with it.</summary>
internal sealed class Scratch : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("bench-gateway-").FullName;

    /// <summary>Makes it. nginx gives up root and must still get to the files that it serves, without a list of others.</summary>
    public Scratch() =>
        System.IO.File.SetUnixFileMode(
            _folder,
            System.IO.File.GetUnixFileMode(_folder)
                | UnixFileMode.GroupExecute
                | UnixFileMode.OtherExecute
        );

    /// <summary>A path in it.</summary>
    public string File(string name) => Path.Combine(_folder, name);

    /// <summary>Writes a file.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, string text)
    {
        System.IO.File.WriteAllText(File(name), text);
        return File(name);
    }

    /// <summary>Makes a folder.</summary>
    /// <returns>Its path.</returns>
    public string Folder(string name) => Directory.CreateDirectory(File(name)).FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
