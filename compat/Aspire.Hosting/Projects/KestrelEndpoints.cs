using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Projects;

/// <summary>The endpoints that a project configures for Kestrel.</summary>
internal static class KestrelEndpoints
{
    /// <summary>Reads <c>Kestrel:Endpoints</c> of the project's settings, of development too.</summary>
    /// <returns>Names and schemes.</returns>
    public static IReadOnlyList<(string Name, string Scheme)> Read(string projectDirectory)
    {
        var builder = new ConfigurationBuilder().SetBasePath(projectDirectory);
        foreach (var file in new[] { "appsettings.json", "appsettings.Development.json" })
        {
            builder.AddJsonFile(file, optional: true, reloadOnChange: false);
        }

        try
        {
            var configuration = (ConfigurationRoot)builder.Build();
            using (configuration)
            {
                return
                [
                    .. configuration
                        .GetSection("Kestrel:Endpoints")
                        .GetChildren()
                        .Where(endpoint => endpoint["Url"] is { Length: > 0 })
                        .Select(endpoint =>
                            (endpoint.Key, endpoint["Url"]!.Split("://")[0].ToLowerInvariant())
                        ),
                ];
            }
        }
        catch (InvalidDataException e)
        {
            throw new DistributedApplicationException(
                $"The settings in {projectDirectory} cannot be read: {e.InnerException?.Message ?? e.Message}",
                e
            );
        }
    }
}
