using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.Gateway.CallRecords;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <summary>The change to WebSocket over HTTP/1.1 (RFC 6455 section 4), with what then goes both ways counted.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature inner, CallMeasure measure)
    : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync()
    {
        measure.Protocol = Protocol.Websocket;
        return new CountedStream(await inner.UpgradeAsync(), measure);
    }
}

/// <summary>The same over HTTP/2 (RFC 8441).</summary>
internal sealed class CountedConnect(IHttpExtendedConnectFeature inner, CallMeasure measure)
    : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync()
    {
        measure.Protocol = Contracts.CallRecords.V1.Protocol.Websocket;
        return new CountedStream(await inner.AcceptAsync(), measure);
    }
}
