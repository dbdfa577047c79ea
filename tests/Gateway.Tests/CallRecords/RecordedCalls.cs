using System.Collections.Concurrent;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Sync;
using ApiSvc.Testing;

namespace ApiSvc.Gateway.Tests.CallRecords;

/// <summary>Records calls in memory, read back as a consumer reads them.</summary>
internal sealed class RecordedCalls : ICallRecorder
{
    private readonly CallRecordFormat _format = new(
        new CallRecordOptions { MaskedNames = { "pin" } },
        new GatewayOptions { Node = "node-1", Environment = "sandbox" }
    );

    private readonly ConcurrentQueue<CallRecord> _all = new();

    /// <summary>Called before a call is recorded; the call waits for it.</summary>
    public Action<Exchange>? Before { get; set; }

    public IReadOnlyCollection<CallRecord> All => _all;

    public Guid NewId(DateTimeOffset now) => Guid.CreateVersion7(now);

    public void Record(Exchange exchange)
    {
        Before?.Invoke(exchange);
        var room = new byte[CallRecordFormat.MaxLength];
        _all.Enqueue(CallRecord.Parser.ParseFrom(room, 0, _format.Write(exchange, room)));
    }

    /// <summary>The only record of the call with this id.</summary>
    public CallRecord Of(string? requestId)
    {
        var id = Guid.Parse(requestId!);
        return _all.Where(r => new Guid(r.CallId.Span, bigEndian: true) == id)
            .ShouldHaveSingleItem();
    }

    /// <summary>The only record of calls to a path, once it is there.</summary>
    public async Task<CallRecord> WaitForAsync(string path)
    {
        await Eventually.HoldsAsync(() => _all.Any(r => r.Path == path), $"{path} is recorded");
        return _all.Where(r => r.Path == path).ShouldHaveSingleItem();
    }
}
