using System.Text.Json;
using ApiSvc.Testing;

namespace ApiSvc.Catalog.Tests.Import;

/// <summary>What a plain walk sees of an operation.</summary>
internal sealed record PlainOperation(
    string Method,
    string Path,
    string OperationId,
    int Parameters,
    bool HasBody,
    string Statuses
);

/// <summary>Counts what is in a document by the platform's JSON reader.</summary>
internal static class PlainWalk
{
    private static readonly string[] Methods =
    [
        "get",
        "put",
        "post",
        "delete",
        "options",
        "head",
        "patch",
        "trace",
    ];

    public static IReadOnlyList<PlainOperation> Of(JsonElement root)
    {
        var operations = new List<PlainOperation>();
        foreach (
            var path in Properties(root, "paths")
                .Where(path => !path.Name.StartsWith("x-", StringComparison.Ordinal))
        )
        {
            var item = PlainReferences.Follow(root, path.Value);
            foreach (
                var field in item.EnumerateObject().Where(field => Methods.Contains(field.Name))
            )
            {
                operations.Add(Operation(root, path.Name, item, field));
            }
        }

        return operations;
    }

    private static PlainOperation Operation(
        JsonElement root,
        string path,
        JsonElement item,
        JsonProperty field
    )
    {
        var parameters = Parameters(root, item).Concat(Parameters(root, field.Value)).ToHashSet();
        return new(
            field.Name.ToUpperInvariant(),
            path,
            field.Value.TryGetProperty("operationId", out var id) ? id.GetString()! : "",
            parameters.Count(parameter => !IsBody(root, parameter.In)),
            field.Value.TryGetProperty("requestBody", out _)
                || parameters.Any(parameter => IsBody(root, parameter.In)),
            string.Join(
                ',',
                Properties(field.Value, "responses")
                    .Select(response => response.Name)
                    .Where(status => !status.StartsWith("x-", StringComparison.Ordinal))
            )
        );
    }

    private static bool IsBody(JsonElement root, string place) =>
        root.TryGetProperty("swagger", out _) && place is "body" or "formData";

    private static IEnumerable<(string Name, string In)> Parameters(
        JsonElement root,
        JsonElement owner
    ) =>
        owner.TryGetProperty("parameters", out var parameters)
            ? parameters
                .EnumerateArray()
                .Select(parameter => PlainReferences.Follow(root, parameter))
                .Select(parameter =>
                    (
                        parameter.GetProperty("name").GetString()!,
                        parameter.GetProperty("in").GetString()!
                    )
                )
            : [];

    private static List<JsonProperty> Properties(JsonElement owner, string name) =>
        owner.TryGetProperty(name, out var value) ? [.. value.EnumerateObject()] : [];
}
