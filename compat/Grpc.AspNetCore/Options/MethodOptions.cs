using System.IO.Compression;
using Grpc.Net.Compression;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Options;

/// <summary>What holds for the methods of one service: its own options over those of all services.</summary>
internal sealed record MethodOptions(
    int? MaxReceiveMessageSize,
    int? MaxSendMessageSize,
    bool DetailedErrors,
    string? ResponseCompressionAlgorithm,
    CompressionLevel? ResponseCompressionLevel,
    Encodings Encodings,
    IReadOnlyList<InterceptorRegistration> Interceptors
)
{
    public static MethodOptions Create(GrpcServiceOptions all, GrpcServiceOptions service)
    {
        // The last provider of a name wins, so that a service can replace one.
        var providers = new Dictionary<string, ICompressionProvider>(StringComparer.Ordinal)
        {
            ["gzip"] = new GzipCompressionProvider(CompressionLevel.Fastest),
        };
        foreach (
            var provider in all.OwnCompressionProviders.Concat(service.OwnCompressionProviders)
        )
        {
            providers[provider.EncodingName] = provider;
        }

        var algorithm = service.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        return !Encodings.IsIdentity(algorithm) && !providers.ContainsKey(algorithm!)
            ? throw new InvalidOperationException(
                $"The configured response compression algorithm '{algorithm}' does not have a matching compression provider."
            )
            : new MethodOptions(
                service.MaxReceiveMessageSizeIsSet ? service.MaxReceiveMessageSize
                    : all.MaxReceiveMessageSizeIsSet ? all.MaxReceiveMessageSize
                    : GrpcServiceOptions.DefaultMaxReceiveMessageSize,
                service.MaxSendMessageSizeIsSet
                    ? service.MaxSendMessageSize
                    : all.MaxSendMessageSize,
                service.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false,
                algorithm,
                service.ResponseCompressionLevel ?? all.ResponseCompressionLevel,
                new Encodings(providers.Values),
                [.. all.Interceptors, .. service.Interceptors]
            );
    }
}
