namespace Grpc.Core;

/// <summary>Writes a stream of messages; one write at a time.</summary>
public interface IAsyncStreamWriter<in T>
{
    Task WriteAsync(T message);

    Task WriteAsync(T message, CancellationToken cancellationToken) =>
        cancellationToken.CanBeCanceled
            ? throw new NotSupportedException(
                "Cancellation of stream writes is not supported by this gRPC implementation."
            )
            : WriteAsync(message);

    /// <summary>Of the next messages; null is the call's.</summary>
    WriteOptions? WriteOptions { get; set; }
}

/// <summary>The stream of requests on the client.</summary>
public interface IClientStreamWriter<in T> : IAsyncStreamWriter<T>
{
    /// <summary>Ends the stream; the server sees its end after the messages before.</summary>
    Task CompleteAsync();
}

/// <summary>The stream of answers on the server; it ends when the method returns.</summary>
public interface IServerStreamWriter<in T> : IAsyncStreamWriter<T>;
