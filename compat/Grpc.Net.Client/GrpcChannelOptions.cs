using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a channel calls.</summary>
public sealed class GrpcChannelOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    /// <summary>By the address unless set: TLS for https, plain text for http.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>In bytes, before compression; null, the default, is no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>In bytes, after decompression too; null is no limit. 4 MiB unless set.</summary>
    public int? MaxReceiveMessageSize { get; set; } = DefaultMaxReceiveMessageSize;

    /// <summary>The encodings that are understood: gzip if null.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>What sends the requests; not together with <see cref="HttpHandler"/>.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <summary>What sends the requests; a handler of the channel's own if neither is set.</summary>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Whether the client or handler is disposed with the channel.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>Whether a cancelled call throws <see cref="OperationCanceledException"/> instead of <see cref="RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Whether credentials of calls are sent over plain text too.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    public IServiceProvider? ServiceProvider { get; set; }
}
