using System.Globalization;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Orchestration;

internal static class ResourceNames
{
    public static int Replicas(this IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;

    /// <summary>The names of a resource's replicas: <c>catalog-0</c>, or just <c>catalog</c> if there is one.</summary>
    public static IEnumerable<string> Ids(this IResource resource)
    {
        var replicas = resource.Replicas();
        return replicas == 1
            ? [resource.Name]
            : Enumerable
                .Range(0, replicas)
                .Select(i => $"{resource.Name}-{i.ToString(CultureInfo.InvariantCulture)}");
    }

    public static string TypeName(this IResource resource) =>
        resource switch
        {
            ProjectResource => "Project",
            ContainerResource => "Container",
            ExecutableResource => "Executable",
            ParameterResource => "Parameter",
            _ => resource.GetType().Name.Replace("Resource", "", StringComparison.Ordinal),
        };

    public static string EnvironmentName(string name) =>
        string.Concat(name.Select(c => char.IsAsciiLetterOrDigit(c) ? c : '_'));
}
