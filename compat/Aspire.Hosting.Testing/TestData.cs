using Aspire.Hosting.Storage;

namespace Aspire.Hosting.Testing;

/// <summary>A data folder for one application, deleted with it.</summary>
internal static class TestData
{
    public static void Use(DistributedApplicationBuilder builder)
    {
        // Not made by Directory.CreateTempSubdirectory: Postgres' own user has to get through it.
        builder.Configuration["APISVC_DATA"] = Path.Combine(
            Path.GetTempPath(),
            $"apphost-{Guid.NewGuid():n}"
        );
        builder.Configuration[DataFolder.TemporaryKey] = "true";
    }
}
