using System.Runtime.InteropServices;

namespace Grpc.Core;

/// <summary>
/// What the four kinds of call have in common. The functions take a state, so that a client can pass static functions
/// and itself instead of four closures.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct AsyncCallState(
    Func<object, Task<Metadata>> responseHeaders,
    Func<object, Status> getStatus,
    Func<object, Metadata> getTrailers,
    Action<object> dispose,
    object state
)
{
    public AsyncCallState(
        Task<Metadata> responseHeaders,
        Func<Status> getStatus,
        Func<Metadata> getTrailers,
        Action dispose
    )
        : this(
            static state => ((Closures)state).ResponseHeaders,
            static state => ((Closures)state).GetStatus(),
            static state => ((Closures)state).GetTrailers(),
            static state => ((Closures)state).Dispose(),
            new Closures(responseHeaders, getStatus, getTrailers, dispose)
        ) { }

    public Task<Metadata> ResponseHeadersAsync() => responseHeaders(state);

    public Status GetStatus() => getStatus(state);

    public Metadata GetTrailers() => getTrailers(state);

    public void Dispose() => dispose(state);

    private sealed record Closures(
        Task<Metadata> ResponseHeaders,
        Func<Status> GetStatus,
        Func<Metadata> GetTrailers,
        Action Dispose
    );
}
