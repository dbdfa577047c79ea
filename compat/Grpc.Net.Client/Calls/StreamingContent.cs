using System.Net;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Calls;

/// <summary>A request that is a stream: its content ends when the caller completes the stream, or the call is over.</summary>
internal sealed class StreamingContent<TRequest>(IHttpCall<TRequest> call)
    : HttpContent,
        IClientStreamWriter<TRequest>
{
    private readonly TaskCompletionSource<Stream> _stream = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _completed = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly MessageEncoder _encoder = call.CreateEncoder();
    private int _writing;

    public WriteOptions? WriteOptions { get; set; } = call.WriteOptions;

    public Task WriteAsync(TRequest message) => WriteAsync(message, CancellationToken.None);

    /// <param name="cancellationToken">Cancels the whole call: half a message cannot be taken back.</param>
    public async Task WriteAsync(TRequest message, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(message);
        cancellationToken.ThrowIfCancellationRequested();
        Begin("Can't write the message because the previous write is in progress.");
        try
        {
            if (_completed.Task.IsCompleted)
            {
                throw new InvalidOperationException("Request stream has already been completed.");
            }

            ThrowIfFinished();
            using var registration = cancellationToken.UnsafeRegister(
                static state => ((IHttpCall<TRequest>)state!).Cancel(),
                call
            );
            await SendAsync(message, WriteOptions?.Flags ?? default);
        }
        finally
        {
            Volatile.Write(ref _writing, 0);
        }
    }

    public Task CompleteAsync()
    {
        Begin("Can't complete the client stream writer because the previous write is in progress.");
        _completed.TrySetResult();
        Volatile.Write(ref _writing, 0);
        return Task.CompletedTask;
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(
        Stream stream,
        TransportContext? context,
        CancellationToken cancellationToken
    )
    {
        if (!_stream.TrySetResult(stream))
        {
            throw new HttpRequestException("A stream of requests cannot be sent again.");
        }

        // The headers go out before there is a message.
        await stream.FlushAsync(cancellationToken);
        await Task.WhenAny(_completed.Task, call.Finished).WaitAsync(cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }

    private async Task SendAsync(TRequest message, WriteFlags flags)
    {
        using var buffer = new PooledBuffer();
        _encoder.Encode(
            message,
            call.Serialize,
            buffer,
            mayCompress: !flags.HasFlag(WriteFlags.NoCompress)
        );
        try
        {
            var stream = _stream.Task.IsCompletedSuccessfully
                ? _stream.Task.Result
                : await _stream.Task.WaitAsync(call.Token);
            await stream.WriteAsync(buffer.WrittenMemory, call.Token);
            if (!flags.HasFlag(WriteFlags.BufferHint))
            {
                await stream.FlushAsync(call.Token);
            }
        }
        catch (Exception e)
        {
            // The server ended the call, or the connection broke: the status says more than the failed write.
            if (call.AnswersWithOne || call.Token.IsCancellationRequested)
            {
                await call.Finished;
            }

            ThrowIfFinished();
            throw CallOutcome.Of(e, CancelCause.None).Exception();
        }
    }

    private void Begin(string refusal)
    {
        if (Interlocked.Exchange(ref _writing, 1) != 0)
        {
            throw new InvalidOperationException(refusal);
        }
    }

    private void ThrowIfFinished()
    {
        if (call.Outcome is { } outcome)
        {
            throw outcome.Status.StatusCode == StatusCode.OK
                ? new InvalidOperationException(
                    "Can't write the message because the call is complete."
                )
                : outcome.Exception();
        }
    }
}
