using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace ApiSvc.Gateway.Forwarding;

/// <summary>How requests are forwarded.</summary>
internal static class ForwardSettings
{
    /// <summary>To an upstream: HTTP/2 where TLS agrees on it, answers passed on as they come.</summary>
    public static ForwarderRequestConfig Calls { get; } =
        new()
        {
            // The upstream's total timeout ends a call; this must not do so before.
            ActivityTimeout = TimeSpan.FromHours(1),
            Version = HttpVersion.Version20,
            VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            AllowResponseBuffering = false,
        };

    /// <summary>To the suite's services, whose streams may be open for long and say little.</summary>
    public static ForwarderRequestConfig Streams { get; } =
        Calls with
        {
            ActivityTimeout = TimeSpan.FromDays(1),
        };
}
