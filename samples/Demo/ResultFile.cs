using System.Text.Json;

namespace ApiSvc.Demo;

/// <summary>The result, in a file that only its owner may read: there is a key in it.</summary>
internal static class ResultFile
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        WriteIndented = true,
    };

    public static DemoResult? Read(string path) =>
        File.Exists(path)
            ? JsonSerializer.Deserialize<DemoResult>(File.ReadAllText(path), Format)
            : null;

    public static void Write(string path, DemoResult result)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        using var file = new FileStream(path, options);
        JsonSerializer.Serialize(file, result, Format);
    }
}
