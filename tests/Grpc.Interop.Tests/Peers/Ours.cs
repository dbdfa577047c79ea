using ApiSvc.Interop.Client;
using ApiSvc.Interop.Server;

namespace ApiSvc.Interop.Peers;

/// <summary>The implementation under test, in this process.</summary>
internal sealed class Ours : IImplementation
{
    public string Name => "ours";

    public bool IsProcess => false;

    public Task<IServer> StartServerAsync() => OurServer.StartAsync();

    public Task<IClient> StartClientAsync() => Task.FromResult<IClient>(new OurClient());
}
