namespace ApiSvc.Testing;

/// <summary>Where the repository is, for tests that read its files.</summary>
public static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindUpwards("ApiSvc.sln");

    private static string FindUpwards(string file)
    {
        for (
            var folder = AppContext.BaseDirectory;
            folder is not null;
            folder = Path.GetDirectoryName(folder)
        )
        {
            if (File.Exists(Path.Combine(folder, file)))
            {
                return folder;
            }
        }

        throw new InvalidOperationException($"No {file} above {AppContext.BaseDirectory}.");
    }
}
