using System.Diagnostics;
using ApiSvc.Interop.Peers;
using ApiSvc.Interop.V1;
using Grpc.Core;

namespace ApiSvc.Interop.Client;

/// <summary>Calls that end before they are done.</summary>
internal static class EndingCases
{
    public static async Task DeadlineReachesServerAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.Hold(new() { Key = target.Key }, deadline: After(400));
        var seen = await connection.ObserveAsync(target.Key, observation => observation.Started);
        seen.TimeoutMs.ShouldBeInRange(1, 400);
        (await DrainAsync(call)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await connection.ObserveAsync(target.Key, observation => observation.Ended);
    }

    public static async Task DeadlineKeptByClientAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        var begun = Stopwatch.GetTimestamp();
        using var call = connection.Probe.Hold(new() { Key = target.Key }, deadline: After(300));
        (await DrainAsync(call)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        Stopwatch.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(3));
    }

    public static async Task DeadlineKeptByServerAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var watcher = new Connection(target.Direct);
        using var call = connection.Probe.Hold(new() { Key = target.Key }, deadline: After(400));
        await watcher.ObserveAsync(target.Key, observation => observation.Started);
        (await DrainAsync(call)).StatusCode.ShouldBe(StatusCode.DeadlineExceeded);
        await watcher.ObserveAsync(target.Key, observation => observation.Ended);
    }

    public static async Task CancelledByClientAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var cancellation = new CancellationTokenSource();
        using var call = connection.Probe.Hold(
            new() { Key = target.Key },
            cancellationToken: cancellation.Token
        );
        await connection.ObserveAsync(target.Key, observation => observation.Started);
        await cancellation.CancelAsync();
        (await DrainAsync(call)).StatusCode.ShouldBe(StatusCode.Cancelled);
        await connection.ObserveAsync(target.Key, observation => observation.Ended);
    }

    public static async Task CancelledByServerAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var call = connection.Probe.Chat();
        for (var number = 1; number <= 10; number++)
        {
            await call.RequestStream.WriteAsync(new() { Number = number });
            (await call.ResponseStream.MoveNext()).ShouldBeTrue();
        }

        await call.RequestStream.WriteAsync(new() { Number = -1 });
        // The client has not finished its side when the status comes.
        var ended = await Should.ThrowAsync<RpcException>(() => call.ResponseStream.MoveNext());
        ended.StatusCode.ShouldBe(StatusCode.Cancelled);
        ended.Status.Detail.ShouldBe("stopped by the server");
        var late = await Should.ThrowAsync<RpcException>(() =>
            call.RequestStream.WriteAsync(new() { Number = 11 })
        );
        late.StatusCode.ShouldBe(StatusCode.Cancelled);
    }

    public static async Task ServerGoneAsync(CaseTarget target)
    {
        using var connection = new Connection(target.Target);
        using var chat = connection.Probe.Chat();
        await chat.RequestStream.WriteAsync(new() { Number = 1 });
        (await chat.ResponseStream.MoveNext()).ShouldBeTrue();
        var waiting = chat.ResponseStream.MoveNext();

        using var call = connection.Probe.Hold(new() { Key = target.Key });
        (await DrainAsync(call)).StatusCode.ShouldBe(StatusCode.Unavailable);
        (await Should.ThrowAsync<RpcException>(waiting)).StatusCode.ShouldBe(
            StatusCode.Unavailable
        );
    }

    /// <summary>Reads to the end; the status is how it ended.</summary>
    private static async Task<Status> DrainAsync(AsyncServerStreamingCall<Parcel> call)
    {
        try
        {
            while (await call.ResponseStream.MoveNext()) { }
            return call.GetStatus();
        }
        catch (RpcException ended)
        {
            call.GetStatus().ShouldBe(ended.Status);
            return ended.Status;
        }
    }

    private static DateTime After(int milliseconds) =>
        DateTime.UtcNow.AddMilliseconds(milliseconds);
}
