using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Mcp;

/// <summary>How tools call APIs; section <c>Mcp</c>.</summary>
internal sealed class McpOptions
{
    public const string Section = "Mcp";

    /// <summary>The gateway, where tools are called with the caller's own credential. Without it there are no MCP servers.</summary>
    public Uri? Gateway { get; set; }

    /// <summary>The longest answer of an API that is passed on, in bytes.</summary>
    [Range(1 << 10, 1 << 26)]
    public int MaxAnswerBytes { get; set; } = 1 << 20;

    /// <summary>The most a call may take.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:10:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a document is good before it is read again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan KeepDocuments { get; set; } = TimeSpan.FromMinutes(1);
}
