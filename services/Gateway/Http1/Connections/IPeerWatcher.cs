namespace ApiSvc.Gateway.Http1.Connections;

/// <summary>Wants to know when the other side of a connection ends.</summary>
internal interface IPeerWatcher
{
    /// <summary>It did. Called on any thread, perhaps more than once.</summary>
    void OnPeerGone();
}
