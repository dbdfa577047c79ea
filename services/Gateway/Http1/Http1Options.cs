using System.ComponentModel.DataAnnotations;

namespace ApiSvc.Gateway.Http1;

/// <summary>The gateway's own HTTP/1.1 engine; section <c>Edge:Http1</c>.</summary>
internal sealed class Http1Options
{
    public const string Section = "Edge:Http1";

    /// <summary>Whether HTTP/1.1 is the engine's; if not, the server's own serves it as it does HTTP/2.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>
    /// Whether sockets are waited for by event loops of the gateway's own, one for each processor, where the system is Linux;
    /// if not, by the runtime's.
    /// </summary>
    public bool EventLoops { get; set; } = true;

    /// <summary>The longest request target, in bytes; a longer one is answered 414.</summary>
    [Range(256, 65_536)]
    public int MaxTargetBytes { get; set; } = 8_192;

    /// <summary>The longest head of a request, in bytes; a longer one is answered 431.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxHeadBytes { get; set; } = 32_768;

    /// <summary>The most fields of a request; more are answered 431.</summary>
    [Range(8, 1_000)]
    public int MaxHeaderLines { get; set; } = 100;

    /// <summary>The longest head of an upstream's answer, in bytes; a longer one is answered 502.</summary>
    [Range(1_024, 1_048_576)]
    public int MaxAnswerHeadBytes { get; set; } = 65_536;

    /// <summary>How long the head of a request may take from its first byte on; else it is answered 408.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan HeadTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a connection is kept between requests.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(65);

    /// <summary>Bytes a second that a client must send of a body and take of an answer, after <see cref="MinRateGrace"/>.</summary>
    [Range(1, 1_000_000)]
    public int MinRate { get; set; } = 240;

    /// <summary>How long a client may send or take nothing at all before its rate counts.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan MinRateGrace { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>The most connections to one address of an upstream; calls beyond are answered 503.</summary>
    [Range(1, 1_000_000)]
    public int MaxUpstreamConnections { get; set; } = 8_192;

    /// <summary>How long a connection to an upstream is kept without a call; below what servers commonly keep one that says nothing.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan UpstreamIdleTimeout { get; set; } = TimeSpan.FromSeconds(50);

    /// <summary>How long a connection to an upstream is used, so that a name that moved is asked again.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan UpstreamLifetime { get; set; } = TimeSpan.FromMinutes(10);
}
