namespace ApiSvc.Gateway.State;

/// <summary>Holds the state that new calls take. The two logs change it independently of each other.</summary>
internal sealed class GatewayStates
{
    private readonly Lock _gate = new();
    private GatewayState _current = GatewayState.Empty;

    public GatewayState Current => Volatile.Read(ref _current);

    public void Swap(ConfigurationState configuration)
    {
        lock (_gate)
        {
            Volatile.Write(ref _current, _current with { Applied = configuration });
        }
    }

    public void Swap(CredentialsState credentials)
    {
        lock (_gate)
        {
            Volatile.Write(ref _current, _current with { Credentials = credentials });
        }
    }
}
