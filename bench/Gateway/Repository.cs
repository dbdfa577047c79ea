namespace ApiSvc.Bench.Gateway;

/// <summary>Where the repository is.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    public static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    private static string Find()
    {
        for (var at = AppContext.BaseDirectory; at is not null; at = Path.GetDirectoryName(at))
        {
            if (System.IO.File.Exists(Path.Combine(at, "ApiSvc.sln")))
            {
                return at;
            }
        }

        throw new InvalidOperationException($"No ApiSvc.sln above {AppContext.BaseDirectory}.");
    }
}
