using ApiSvc.Interop.Cases;
using ApiSvc.Interop.Client;
using ApiSvc.Interop.Peers;
using ApiSvc.Interop.Wire;
using ApiSvc.Testing;

[assembly: AssemblyFixture(typeof(ApiSvc.Interop.InteropRun))]

// Cases measure time and load two cores: one after the other.
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace ApiSvc.Interop;

/// <summary>The peers of one run, started when first needed, and its matrix, written at the end.</summary>
public sealed class InteropRun : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private static readonly Dictionary<string, IImplementation> Implementations = (
        (IImplementation[])[new Ours(), new GrpcJs(), new Grpcio()]
    ).ToDictionary(implementation => implementation.Name);

    private readonly Dictionary<string, Task<IClient>> _clients = [];
    private readonly Dictionary<Route, Task<IServer>> _servers = [];
    private readonly Matrix _matrix = new();

    internal async Task RunAsync(InteropCase subject, Route route)
    {
        var passed = false;
        try
        {
            await (
                subject.Ending == Ending.None ? CallAsync(subject, route) : EndAsync(subject, route)
            ).WaitAsync(Patience);
            passed = true;
        }
        finally
        {
            _matrix.Add(subject, route, passed);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values.Where(started => started.IsCompletedSuccessfully))
        {
            await (await client).DisposeAsync();
        }

        foreach (var server in _servers.Values.Where(started => started.IsCompletedSuccessfully))
        {
            await (await server).DisposeAsync();
        }

        // Nothing to tell where only other tests of this program ran.
        if (_matrix.IsEmpty)
        {
            return;
        }

        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "TestResults"));
        var text = _matrix.ToString();
        await File.WriteAllTextAsync(Path.Combine(folder.FullName, "grpc-interop.md"), text);
        Console.WriteLine(text);
    }

    private async Task CallAsync(InteropCase subject, Route route)
    {
        var client = await ClientAsync(route.Client);
        var server = await ServerAsync(route);
        var direct = server.Address.ToString();
        if (!subject.IsRelayed)
        {
            await client.RunAsync(subject.Name, new(direct, direct, NewKey()));
            return;
        }

        await using var relay = new Http2Relay(server.Address, subject.Passes);
        relay.Start();
        await client.RunAsync(subject.Name, new(relay.Address, direct, NewKey()));
        subject.OnTheWire?.Invoke(relay.Log);
    }

    /// <summary>A client and a server of their own, one of which, or what joins them, does not live to the end.</summary>
    private static async Task EndAsync(InteropCase subject, Route route)
    {
        await using var client = await Implementations[route.Client].StartClientAsync();
        await using var server = await Implementations[route.Server].StartServerAsync();
        await using var relay = new Http2Relay(server.Address);
        relay.Start();
        using var watcher = new Connection(server.Address.ToString());
        var key = NewKey();
        var target = subject.Ending == Ending.Cut ? relay.Address : server.Address.ToString();
        var running = client.RunAsync(
            subject.Ending == Ending.ClientKilled ? "client killed" : "server killed",
            new(target, server.Address.ToString(), key)
        );
        await watcher.ObserveAsync(key, observation => observation.Started);

        switch (subject.Ending)
        {
            case Ending.ClientKilled:
                client.Kill();
                await Should.ThrowAsync<CaseFailedException>(running);
                break;
            case Ending.ServerKilled:
                server.Kill();
                await running;
                return;
            default:
                relay.Cut();
                await running;
                break;
        }

        // The server notices, and goes on serving others.
        await watcher.ObserveAsync(key, observation => observation.Ended);
    }

    private Task<IClient> ClientAsync(string name) =>
        _clients.TryGetValue(name, out var started)
            ? started
            : _clients[name] = Implementations[name].StartClientAsync();

    /// <summary>Each route has its own server: what one leaves behind there does not reach the next.</summary>
    private Task<IServer> ServerAsync(Route route) =>
        _servers.TryGetValue(route, out var started)
            ? started
            : _servers[route] = Implementations[route.Server].StartServerAsync();

    private static string NewKey() => Guid.NewGuid().ToString();
}
