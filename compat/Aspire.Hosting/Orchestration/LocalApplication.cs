using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Parameters;
using Aspire.Hosting.Storage;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Orchestration;

/// <summary>What an application has on the machine that it runs on.</summary>
internal sealed class LocalApplication(
    IConfiguration configuration,
    string appHostDirectory,
    string buildConfiguration
) : IDisposable
{
    public DataFolder Data { get; } = new(configuration, appHostDirectory);

    public ParameterStore Parameters => field ??= new ParameterStore(Data);

    /// <summary>Which build of projects is run: <c>Debug</c>, <c>Release</c>.</summary>
    public string BuildConfiguration => buildConfiguration;

    /// <summary>The folder of a resource's data; empty at each start if nothing asked for it to be kept.</summary>
    public string DataOf(IResource resource)
    {
        if (resource.Annotations.OfType<KeptDataAnnotation>().LastOrDefault() is { } kept)
        {
            return Path.IsPathRooted(kept.Name)
                ? Directory.CreateDirectory(kept.Name).FullName
                : Data.Folder(kept.Name);
        }

        var folder = Data.Folder(Path.Combine("session", resource.Name));
        Directory.Delete(folder, recursive: true);
        return Data.Folder(Path.Combine("session", resource.Name));
    }

    public void Dispose() => Data.Dispose();
}

/// <summary>A resource's data outlives the application.</summary>
/// <param name="Name">A folder in the data folder, or a path.</param>
internal sealed record KeptDataAnnotation(string Name) : IResourceAnnotation;

internal static class LocalApplicationExtensions
{
    public static LocalApplication Local(this IDistributedApplicationBuilder builder) =>
        (LocalApplication)
            builder
                .Services.Single(d => d.ServiceType == typeof(LocalApplication))
                .ImplementationInstance!;
}
