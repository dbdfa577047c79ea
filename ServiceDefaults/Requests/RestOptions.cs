using System.ComponentModel.DataAnnotations;

namespace ApiSvc.ServiceDefaults.Requests;

/// <summary>Settings of the REST endpoints, section <c>Rest</c>.</summary>
public sealed class RestOptions
{
    /// <summary>
    /// The largest JSON body in bytes, 1 KiB to 64 MiB, where the endpoint sets no limit of its own
    /// (<c>RequestSizeLimitAttribute</c>). 1 MiB unless set.
    /// </summary>
    [Range(1024, 64 * 1024 * 1024)]
    public int MaxBodyBytes { get; set; } = 1024 * 1024;
}
