using System.Text.Json.Nodes;

namespace ApiSvc.AiAdapter.Mcp.Tools;

/// <summary>An operation of an API as a tool of the Model Context Protocol.</summary>
internal sealed record Tool
{
    /// <summary>Unique in its set: 1 to 64 letters, digits, hyphens and underscores.</summary>
    public required string Name { get; init; }

    public string? Title { get; init; }

    public string? Description { get; init; }

    /// <summary>JSON Schema of the arguments, an object.</summary>
    public required JsonObject InputSchema { get; init; }

    /// <summary>JSON Schema of what a success answers; null where it is no object, or not said.</summary>
    public JsonObject? OutputSchema { get; init; }

    /// <summary>Upper case.</summary>
    public required string Method { get; init; }

    /// <summary>Below the API's base path: <c>/orders/{orderId}</c>.</summary>
    public required string PathTemplate { get; init; }

    public required IReadOnlyList<ToolParameter> Parameters { get; init; }

    /// <summary>The argument that is the body; null where there is none.</summary>
    public string? Body { get; init; }
}

/// <summary>An argument that is not the body.</summary>
/// <param name="Argument">Its name among the arguments.</param>
/// <param name="Name">Its name in the request.</param>
/// <param name="Explode">Whether each item of a list is a parameter of its own.</param>
internal sealed record ToolParameter(
    string Argument,
    string Name,
    ParameterPlace Place,
    bool Explode
);

internal enum ParameterPlace
{
    Path,
    Query,
    Header,
}

/// <summary>The tools of an API.</summary>
/// <param name="BasePath">Of the API at the gateway; without a slash at its end.</param>
internal sealed record ToolSet(
    string Title,
    string Version,
    string BasePath,
    IReadOnlyList<Tool> Tools
)
{
    private readonly Dictionary<string, Tool> _byName = Tools.ToDictionary(
        tool => tool.Name,
        StringComparer.Ordinal
    );

    public Tool? Find(string name) => _byName.GetValueOrDefault(name);
}
