using System.Collections.Concurrent;
using System.IO.Compression;
using Grpc.Core;
using Grpc.Net.Client.Calls;
using Grpc.Net.Compression;
using Grpc.Net.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>Calls a server. Dear to make and safe to share: one per address.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    private readonly HttpMessageInvoker _invoker;
    private readonly bool _ownsInvoker;
    private readonly CancellationTokenSource _disposed = new();
    private readonly string _path;
    private readonly ConcurrentDictionary<IMethod, Uri> _uris = new();

    private GrpcChannel(Uri address, GrpcChannelOptions options)
        : base(address.Authority)
    {
        Address = address;
        _path = address.AbsolutePath.TrimEnd('/');
        IsSecure = string.Equals(address.Scheme, Uri.UriSchemeHttps, StringComparison.Ordinal);
        Logger = (options.LoggerFactory ?? NullLoggerFactory.Instance).CreateLogger(
            "Grpc.Net.Client.Internal.GrpcCall"
        );
        MaxSendMessageSize = options.MaxSendMessageSize;
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        ThrowOperationCanceled = options.ThrowOperationCanceledOnCancellation;
        Encodings = new Encodings(
            options.CompressionProviders ?? [new GzipCompressionProvider(CompressionLevel.Fastest)]
        );
        Credentials = options.Credentials?.Call;
        SendsCallCredentials = IsSecure || options.UnsafeUseInsecureChannelCallCredentials;
        if (options.Credentials is { } credentials && credentials.IsSecure != IsSecure)
        {
            throw new InvalidOperationException(
                credentials.IsSecure
                    ? $"Channel is configured with secure channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme."
                    : $"Channel is configured with insecure channel credentials and can't use a HttpClient with a '{address.Scheme}' scheme."
            );
        }

        (_invoker, _ownsInvoker) = Invoker(options);
    }

    internal Uri Address { get; }

    internal bool IsSecure { get; }

    internal ILogger Logger { get; }

    internal int? MaxSendMessageSize { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal bool ThrowOperationCanceled { get; }

    internal Encodings Encodings { get; }

    internal CallCredentials? Credentials { get; }

    internal bool SendsCallCredentials { get; }

    internal CancellationToken Disposed => _disposed.Token;

    public static GrpcChannel ForAddress(string address) =>
        ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        return ForAddress(new Uri(address), channelOptions);
    }

    public static GrpcChannel ForAddress(Uri address) =>
        ForAddress(address, new GrpcChannelOptions());

    /// <param name="address">With scheme <c>http</c> (HTTP/2 from the first byte) or <c>https</c>.</param>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (channelOptions is { HttpClient: not null, HttpHandler: not null })
        {
            throw new ArgumentException(
                "HttpClient and HttpHandler have been configured. Only one HTTP caller can be specified.",
                nameof(channelOptions)
            );
        }

        return address.IsAbsoluteUri && address.Scheme is "http" or "https"
            ? new GrpcChannel(address, channelOptions)
            : throw new ArgumentException(
                $"The address '{address}' is not an absolute http or https address.",
                nameof(address)
            );
    }

    public override CallInvoker CreateCallInvoker()
    {
        ObjectDisposedException.ThrowIf(_disposed.IsCancellationRequested, this);
        return new HttpCallInvoker(this);
    }

    /// <summary>Cancels the calls that are under way.</summary>
    public void Dispose()
    {
        if (_disposed.IsCancellationRequested)
        {
            return;
        }

        _disposed.Cancel();
        if (_ownsInvoker)
        {
            _invoker.Dispose();
        }
    }

    internal Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    ) =>
        _invoker is HttpClient client
            ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken)
            : _invoker.SendAsync(request, cancellationToken);

    internal Uri UriOf(IMethod method) =>
        _uris.GetOrAdd(
            method,
            static (method, channel) => new Uri(channel.Address, channel._path + method.FullName),
            this
        );

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    private static (HttpMessageInvoker Invoker, bool Owned) Invoker(GrpcChannelOptions options)
    {
        if (options.HttpClient is { } client)
        {
            return (client, options.DisposeHttpClient);
        }

        return options.HttpHandler is { } handler
            ? (new HttpMessageInvoker(handler, options.DisposeHttpClient), Owned: true)
            : (
                new HttpMessageInvoker(
                    new SocketsHttpHandler { EnableMultipleHttp2Connections = true }
                ),
                Owned: true
            );
    }
}
