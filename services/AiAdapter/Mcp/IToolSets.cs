using ApiSvc.AiAdapter.Mcp.Tools;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>The tools of APIs.</summary>
internal interface IToolSets
{
    /// <summary>Those of a version of an API; null where there is none that the team may offer.</summary>
    /// <param name="version">The version whose operations are the tools.</param>
    /// <param name="team">The team that publishes the MCP server: it offers APIs of its own.</param>
    /// <param name="cancellationToken">The client has gone.</param>
    ValueTask<ToolSet?> FindAsync(
        Id<VersionKind> version,
        Guid team,
        CancellationToken cancellationToken
    );
}
