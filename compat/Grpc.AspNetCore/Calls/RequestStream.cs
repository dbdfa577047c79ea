using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Calls;

/// <summary>The stream of requests; one read at a time.</summary>
internal sealed class RequestStream<T>(MessageReader<T> reader, HttpServerCallContext context)
    : IAsyncStreamReader<T>
    where T : class
{
    private static readonly Task<bool> True = Task.FromResult(true);
    private static readonly Task<bool> False = Task.FromResult(false);

    private T? _current;
    private bool _ended;

    public T Current =>
        _current
        ?? throw new InvalidOperationException(
            "There is no message: MoveNext was not called, or returned false."
        );

    public Task<bool> MoveNext(CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return Task.FromCanceled<bool>(cancellationToken);
        }

        if (_ended)
        {
            return False;
        }

        if (cancellationToken.CanBeCanceled && cancellationToken != context.CancellationToken)
        {
            return ReadLinkedAsync(cancellationToken);
        }

        var reading = reader.ReadAsync(context.CancellationToken);
        return reading.IsCompletedSuccessfully
            ? Take(reading.Result)
                ? True
                : False
            : AwaitAsync(reading);
    }

    private async Task<bool> ReadLinkedAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(
            cancellationToken,
            context.CancellationToken
        );
        return Take(await reader.ReadAsync(either.Token));
    }

    private async Task<bool> AwaitAsync(ValueTask<T?> reading) => Take(await reading);

    private bool Take(T? message)
    {
        _current = message;
        _ended = message is null;
        return !_ended;
    }
}
