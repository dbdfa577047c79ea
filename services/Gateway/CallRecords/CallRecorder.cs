using System.Runtime.InteropServices;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Sync;
using ApiSvc.Spool;
using Microsoft.Extensions.Options;

namespace ApiSvc.Gateway.CallRecords;

/// <summary>Appends each call's record to the spool, which counts those that it has no room for.</summary>
internal sealed class CallRecorder(
    RecordSpool spool,
    IOptions<CallRecordOptions> options,
    IOptions<GatewayOptions> gateway
) : ICallRecorder
{
    private static readonly SpoolWriter<Call> Write = (call, room) =>
        call.Format.Write(call.Exchange, room);

    private readonly CallRecordFormat _format = new(options.Value, gateway.Value);

    public Guid NewId(DateTimeOffset now) => spool.NewId(now.ToUnixTimeMilliseconds());

    public void Record(Exchange exchange) =>
        spool.TryAppend(CallRecordFormat.MaxLength, new Call(_format, exchange), Write, out _);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Call(CallRecordFormat Format, Exchange Exchange);
}
