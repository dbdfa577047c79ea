using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.Sync;

/// <summary>Where the last good state is kept. Section <c>State</c>.</summary>
internal sealed class StateOptions
{
    public const string Section = "State";

    /// <summary>A folder of this node alone; relative to the content root. <c>state</c>.</summary>
    [Required]
    public string Folder { get; set; } = "state";
}
