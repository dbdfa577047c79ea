using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace ApiSvc.AppHost;

/// <summary>Where the suite keeps its data where it is run.</summary>
internal sealed class DataFolder(IConfiguration configuration, string appHostDirectory)
{
    // Read late: tests change the configuration until the application is built.
    public string Path =>
        System.IO.Path.GetFullPath(
            configuration["APISVC_DATA"]
                ?? configuration["Aspire:Store:Path"]
                ?? System.IO.Path.Combine(appHostDirectory, "..", ".apisvc")
        );

    public string File(string name) => System.IO.Path.Combine(Path, name);

    /// <summary>Writes a file that only its owner may read, whole or not at all.</summary>
    public async Task WriteAsync(string name, string text, CancellationToken cancellationToken)
    {
        var temporary = File(name + ".new");
        System.IO.File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
        };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        }

        await using (var writer = new StreamWriter(temporary, options))
        {
            await writer.WriteAsync(text.AsMemory(), cancellationToken);
        }

        System.IO.File.Move(temporary, File(name), overwrite: true);
    }
}

internal static class DataFolderExtensions
{
    public static DataFolder AddDataFolder(this IDistributedApplicationBuilder builder)
    {
        var data = new DataFolder(builder.Configuration, builder.AppHostDirectory);
        builder.Services.AddSingleton(data);
        return data;
    }
}
