namespace ApiSvc.Gateway.State;

/// <summary>All that a call is judged by. Immutable: a call holds one from its first byte to its last.</summary>
internal sealed record GatewayState(ConfigurationState? Applied, CredentialsState Credentials)
{
    public static GatewayState Empty { get; } = new(Applied: null, CredentialsState.Empty);

    /// <summary>Whether calls can be judged: both logs have been there, however long ago.</summary>
    public bool IsReady =>
        Applied is not null && !ReferenceEquals(Credentials, CredentialsState.Empty);

    /// <summary>The configuration, once there is one.</summary>
    public ConfigurationState Configuration => Applied ?? ConfigurationState.Empty;
}
