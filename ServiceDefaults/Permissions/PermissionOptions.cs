namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Permissions before Identity has said more; section <c>Permissions</c>.</summary>
public sealed class PermissionOptions
{
    /// <summary>The configuration section.</summary>
    public const string Section = "Permissions";

    /// <summary>
    /// Role → permissions until the role table of Identity arrives; <c>*</c> stands for every permission. None by
    /// default: then the built-in roles hold until it arrives.
    /// </summary>
    public IDictionary<string, List<string>> Roles { get; } =
        new Dictionary<string, List<string>>();
}
