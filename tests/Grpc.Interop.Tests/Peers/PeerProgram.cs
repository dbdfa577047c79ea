using System.Diagnostics;
using System.Net;
using System.Text.Json;
using ApiSvc.Testing;

namespace ApiSvc.Interop.Peers;

/// <summary>An implementation whose program is in the folder <c>peers</c>.</summary>
internal abstract class PeerProgram : IImplementation
{
    public abstract string Name { get; }

    public bool IsProcess => true;

    protected static string Folder { get; } =
        Path.Combine(Repository.Root, "tests", "Grpc.Interop.Tests", "peers");

    public async Task<IServer> StartServerAsync()
    {
        var (process, line) = await PeerProcess.StartAsync(await CommandAsync("server"));
        return line.Split(' ') is ["listening", var port]
            ? new Server(process, IPEndPoint.Parse($"127.0.0.1:{port}"))
            : throw new CaseFailedException($"{Name} said: {line}");
    }

    public async Task<IClient> StartClientAsync()
    {
        var (process, line) = await PeerProcess.StartAsync(await CommandAsync("client"));
        return line == "ready"
            ? new Client(process)
            : throw new CaseFailedException($"{Name} said: {line}");
    }

    protected abstract Task<ProcessStartInfo> CommandAsync(string role);

    private sealed class Server(PeerProcess process, IPEndPoint address) : IServer
    {
        public IPEndPoint Address => address;

        public void Kill() => process.Kill();

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }

    private sealed class Client(PeerProcess process) : IClient
    {
        private int _commands;

        public async Task RunAsync(string name, CaseTarget target)
        {
            var id = ++_commands;
            await process.Input.WriteLineAsync(
                JsonSerializer.Serialize(
                    new
                    {
                        id,
                        name,
                        target = target.Target,
                        direct = target.Direct,
                        key = target.Key,
                    }
                )
            );
            await process.Input.FlushAsync();
            using var answer = JsonDocument.Parse(await process.ReadLineAsync());
            answer.RootElement.GetProperty("id").GetInt32().ShouldBe(id);
            if (answer.RootElement.GetProperty("error").GetString() is { } error)
            {
                throw new CaseFailedException(error);
            }
        }

        public void Kill() => process.Kill();

        public ValueTask DisposeAsync() => process.DisposeAsync();
    }
}
