using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services answer: of all services, or of one.</summary>
public class GrpcServiceOptions
{
    internal const int DefaultMaxReceiveMessageSize = 4 * 1024 * 1024;

    private int? _maxReceiveMessageSize;
    private int? _maxSendMessageSize;
    private IList<ICompressionProvider>? _compressionProviders;

    /// <summary>In bytes, after decompression too; null is no limit. 4 MiB unless set.</summary>
    public int? MaxReceiveMessageSize
    {
        get => _maxReceiveMessageSize;
        set
        {
            _maxReceiveMessageSize = value;
            MaxReceiveMessageSizeIsSet = true;
        }
    }

    /// <summary>In bytes; null, the default, is no limit.</summary>
    public int? MaxSendMessageSize
    {
        get => _maxSendMessageSize;
        set
        {
            _maxSendMessageSize = value;
            MaxSendMessageSizeIsSet = true;
        }
    }

    /// <summary>Whether callers see the messages of exceptions; not unless set.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The encoding of answers to callers who accept it, such as <c>gzip</c>; none unless set.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>The encodings that are understood: gzip, and what is added.</summary>
    public IList<ICompressionProvider> CompressionProviders
    {
        get => _compressionProviders ??= [];
        set => _compressionProviders = value;
    }

    /// <summary>Stand around each call, the first outermost; those of all services around those of one.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    internal bool MaxReceiveMessageSizeIsSet { get; private set; }

    internal bool MaxSendMessageSizeIsSet { get; private set; }

    internal IEnumerable<ICompressionProvider> OwnCompressionProviders =>
        _compressionProviders ?? [];
}

/// <summary>How one service answers; what is not set is as for all services.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions
    where TService : class;
