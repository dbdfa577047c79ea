using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The deadline of a call: a task that is done and a token that is cancelled when it passes.</summary>
internal sealed class CallDeadline : IDisposable
{
    // The longest that a timer takes; a deadline further away is not watched.
    private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    private readonly TaskCompletionSource _passed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly CancellationTokenSource _cancellation;
    private readonly ITimer? _timer;

    private CallDeadline(TimeSpan timeout, TimeProvider time, CancellationToken aborted)
    {
        var now = time.GetUtcNow().UtcDateTime;
        Deadline = timeout < DateTime.MaxValue - now ? now + timeout : DateTime.MaxValue;
        _cancellation = CancellationTokenSource.CreateLinkedTokenSource(aborted);
        Token = _cancellation.Token;
        if (timeout <= Longest)
        {
            _timer = time.CreateTimer(
                static state => ((CallDeadline)state!).Pass(),
                this,
                timeout,
                Timeout.InfiniteTimeSpan
            );
        }
    }

    /// <summary>In UTC.</summary>
    public DateTime Deadline { get; }

    /// <summary>Cancelled when the deadline passes or the request is aborted.</summary>
    public CancellationToken Token { get; }

    public Task Passed => _passed.Task;

    /// <summary>Null if the caller gave none, or one that is not a <c>grpc-timeout</c>.</summary>
    public static CallDeadline? Of(HttpContext http, TimeProvider time) =>
        http.Request.Headers.TryGetValue(GrpcHeaders.Timeout, out var value)
        && GrpcTimeout.TryParse(value.ToString(), out var timeout)
            ? new CallDeadline(timeout, time, http.RequestAborted)
            : null;

    public void Dispose()
    {
        _timer?.Dispose();
        _cancellation.Dispose();
    }

    private void Pass()
    {
        _passed.TrySetResult();
        try
        {
            _cancellation.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // The call was over in the same moment.
        }
    }
}
