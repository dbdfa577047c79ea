using System.Net;

namespace ApiSvc.Interop.Peers;

/// <summary>A gRPC implementation that can play either side.</summary>
internal interface IImplementation
{
    string Name { get; }

    /// <summary>Runs as a process of its own, which can be killed.</summary>
    bool IsProcess { get; }

    Task<IServer> StartServerAsync();

    Task<IClient> StartClientAsync();
}

internal interface IServer : IAsyncDisposable
{
    IPEndPoint Address { get; }

    /// <summary>Ends it with SIGKILL.</summary>
    void Kill();
}

internal interface IClient : IAsyncDisposable
{
    /// <summary>Runs one case; throws what the case found wrong.</summary>
    Task RunAsync(string name, CaseTarget target);

    /// <summary>Ends it with SIGKILL.</summary>
    void Kill();
}

/// <param name="Target">Where the client calls, <c>host:port</c>.</param>
/// <param name="Direct">The server itself where <paramref name="Target"/> is a relay in front of it.</param>
/// <param name="Key">Names the call that the test watches from outside.</param>
internal sealed record CaseTarget(string Target, string Direct, string Key);

/// <summary>A case found the other side wrong.</summary>
internal sealed class CaseFailedException(string message) : Exception(message);
