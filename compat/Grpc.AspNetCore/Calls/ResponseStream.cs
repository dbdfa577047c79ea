using Grpc.Core;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The stream of answers.</summary>
internal sealed class ResponseStream<T>(Marshaller<T> marshaller, HttpServerCallContext context)
    : IServerStreamWriter<T>
    where T : class
{
    public WriteOptions? WriteOptions { get; set; }

    public Task WriteAsync(T message) => WriteAsync(message, CancellationToken.None);

    public async Task WriteAsync(T message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        var flags = (WriteOptions ?? context.WriteOptions)?.Flags ?? default;
        if (!cancellationToken.CanBeCanceled || cancellationToken == context.CancellationToken)
        {
            await WriteAsync(message, flags, context.CancellationToken);
            return;
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            context.CancellationToken
        );
        await WriteAsync(message, flags, either.Token);
    }

    private Task WriteAsync(T message, WriteFlags flags, CancellationToken cancellationToken) =>
        context.WriteAsync(
            message,
            marshaller.ContextualSerializer,
            flags,
            flush: true,
            cancellationToken
        );
}
