using System.Net;
using System.Runtime.CompilerServices;
using ApiSvc.Gateway.CallRecords;
using ApiSvc.Gateway.Calls;
using ApiSvc.Gateway.Forwarding;
using ApiSvc.Gateway.Problems;
using ApiSvc.Gateway.State;
using Microsoft.Extensions.Options;
using Yarp.ReverseProxy.Forwarder;

namespace ApiSvc.Gateway.Serving;

/// <summary>What the calls of one server share.</summary>
internal sealed partial class Edge(
    GatewayStates states,
    CallPath path,
    IHttpForwarder forwarder,
    UpstreamClients clients,
    CallTelemetry telemetry,
    ICallRecorder recorder,
    TimeProvider time,
    IOptions<EdgeOptions> options,
    ILogger<Edge> logger
)
{
    private readonly IPNetwork[] _trusted =
    [
        .. options.Value.TrustedProxies.Select(IPNetwork.Parse),
    ];

    public GatewayStates States => states;

    public IHttpForwarder Forwarder => forwarder;

    public UpstreamClients Clients => clients;

    public ICallRecorder Recorder => recorder;

    public TimeProvider Time => time;

    public long MaxRequestBodyBytes => options.Value.MaxRequestBodyBytes;

    /// <summary>The endpoints whose calls go to APIs.</summary>
    public static bool Serves(string? endpoint) => endpoint is "http" or "https";

    /// <summary>Carries a call to the last byte of its answer, whatever happens on the way.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask RunAsync(ServedExchange exchange)
    {
        using var span = telemetry.Start(exchange);
        try
        {
            if (exchange.Fault is { } fault)
            {
                exchange.Answer = fault;
                exchange.Status = fault.Status;
                await exchange.SendAnswerAsync();
            }
            else
            {
                await path.RunAsync(exchange);
            }
        }
        catch (Exception failure) when (!exchange.IsClientGone)
        {
            Log.Failed(logger, exchange.Id, failure);
            await exchange.FailAsync();
        }
        catch (Exception) when (exchange.IsClientGone)
        {
            // Nobody is left to tell; what was under way ended by that.
        }
        finally
        {
            // Before the server ends an answer whose length nobody said.
            exchange.Record();
            telemetry.Record(exchange);
        }
    }

    /// <summary>The client, as the nearest proxy that is not trusted saw it.</summary>
    public IPAddress ClientOf(IPAddress remote, ReadOnlySpan<string?> forwardedFor)
    {
        var client = Plain(remote);
        for (var line = forwardedFor.Length - 1; line >= 0; line--)
        {
            var addresses = (forwardedFor[line] ?? "").Split(',', StringSplitOptions.TrimEntries);
            for (var i = addresses.Length - 1; i >= 0; i--)
            {
                // An address that nobody could have had ends it: what is left of it is anybody's word.
                if (!IsTrusted(client) || !IPAddress.TryParse(addresses[i], out var before))
                {
                    return client;
                }

                client = Plain(before);
            }
        }

        return client;
    }

    public void WhyNot(string id, string reason, Exception? why) =>
        Log.NotForwarded(logger, id, reason, why);

    /// <summary>Whether what clients say of where they are can matter.</summary>
    public bool HasTrustedProxies => _trusted.Length > 0;

    private bool IsTrusted(IPAddress address) => Array.Exists(_trusted, n => n.Contains(address));

    public static IPAddress Plain(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Call {Id} failed")]
        public static partial void Failed(ILogger logger, string id, Exception failure);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Call {Id} was not forwarded: {Error}")]
        public static partial void NotForwarded(
            ILogger logger,
            string id,
            string error,
            Exception? why
        );
    }
}
