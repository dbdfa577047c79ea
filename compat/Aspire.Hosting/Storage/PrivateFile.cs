namespace Aspire.Hosting.Storage;

/// <summary>Files that only this user may read.</summary>
internal static class PrivateFile
{
    /// <summary>Puts a text in a file's place, so that the file is whole at any time, with mode 0600.</summary>
    public static void Write(string path, string text)
    {
        var next = $"{path}.new";
        File.Delete(next);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using (var writer = new StreamWriter(next, options))
        {
            writer.Write(text);
        }

        File.Move(next, path, overwrite: true);
    }
}
