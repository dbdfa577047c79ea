namespace ApiSvc.ServiceDefaults.Data;

/// <summary>Which service of the suite this process is.</summary>
/// <param name="Name">Small letters, as in the AppHost: <c>catalog</c>.</param>
public sealed record ServiceIdentity(string Name)
{
    /// <summary>The <c>source</c> of its events (CloudEvents 1.0 section 3.1.1): a URI reference.</summary>
    public string EventSource => "/apisvc/" + Name;
}
