using System.Xml.Linq;
using ApiSvc.Testing;

namespace ApiSvc.Compat.Tests.Api;

/// <summary>The stand-ins as the repository has them.</summary>
internal static class StandIns
{
    public static string Folder { get; } = Path.Combine(Repository.Root, "compat");

    /// <summary>A folder with a project of the same name; a broker is a program and the dashboard a part of one, not packages.</summary>
    public static IReadOnlyList<string> Projects { get; } =
    [
        .. Directory
            .EnumerateDirectories(Folder)
            .Select(folder => Path.GetFileName(folder)!)
            .Where(name => name is not ("KafkaBroker" or "Aspire.Hosting.Dashboard"))
            .Where(name => File.Exists(Path.Combine(Folder, name, $"{name}.csproj")))
            .Order(StringComparer.Ordinal),
    ];

    /// <summary>The packages that <c>Compat.targets</c> replaces by a project.</summary>
    public static IReadOnlyList<string> Swapped { get; } =
    [
        .. XDocument
            .Load(Path.Combine(Folder, "Compat.targets"))
            .Descendants("StandIn")
            .Select(item => (string)item.Attribute("Include")!),
    ];

    /// <summary>Namespaces whose types a generator writes from a <c>.proto</c> file of the package itself.</summary>
    public static IReadOnlyList<string> GeneratedNamespaces { get; } =
    ["Grpc.Health.V1", "Grpc.Reflection.V1Alpha", "Grpc.Reflection.V1"];

    public static string ApiFile(string package) => Path.Combine(Folder, "api", $"{package}.txt");
}
