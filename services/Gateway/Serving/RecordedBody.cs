using System.Diagnostics;
using System.IO.Pipelines;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Gateway.Serving;

/// <summary>
/// The way of an answer's body to the client. The last bytes go on only after the call's record is written: those that
/// complete the length that the head says, or the head itself where nothing follows it. The end of a body without a length
/// is the server's to send, after the call is over and recorded.
/// </summary>
internal sealed class RecordedBody(KestrelExchange exchange) : Stream, IHttpResponseBodyFeature
{
    private IHttpResponseBodyFeature _inner = new StreamResponseBodyFeature(Null);
    private PipeWriter? _writer;

    public Stream Stream => this;

    public PipeWriter Writer =>
        _writer ??= PipeWriter.Create(this, new StreamPipeWriterOptions(leaveOpen: true));

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public void Begin(IHttpResponseBodyFeature inner)
    {
        _inner = inner;
        _writer = null;
    }

    public void DisableBuffering() => _inner.DisableBuffering();

    public Task StartAsync(CancellationToken cancellationToken = default)
    {
        BeforeHead();
        return _inner.StartAsync(cancellationToken);
    }

    public async Task CompleteAsync()
    {
        if (_writer is not null)
        {
            await _writer.CompleteAsync();
        }

        exchange.Record();
        await _inner.CompleteAsync();
    }

    public Task SendFileAsync(
        string path,
        long offset,
        long? count,
        CancellationToken cancellationToken = default
    ) => SendFileFallback.SendFileAsync(this, path, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken)
    {
        BeforeHead();
        return _inner.Stream.FlushAsync(cancellationToken);
    }

    public override ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default
    )
    {
        BeforeBytes(buffer.Length);
        var start = Stopwatch.GetTimestamp();
        var written = _inner.Stream.WriteAsync(buffer, cancellationToken);
        return written.IsCompletedSuccessfully ? written : WaitAsync(written, start);
    }

    public override Task WriteAsync(
        byte[] buffer,
        int offset,
        int count,
        CancellationToken cancellationToken
    ) => WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        BeforeBytes(count);
        _inner.Stream.Write(buffer, offset, count);
    }

    public override void Flush()
    {
        BeforeHead();
        _inner.Stream.Flush();
    }

    public override int Read(byte[] buffer, int offset, int count) =>
        throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private async ValueTask WaitAsync(ValueTask written, long start)
    {
        await written;
        exchange.Measure.WaitedForClient(start);
    }

    private void BeforeHead()
    {
        if (exchange.EndsWithHead)
        {
            exchange.Record();
        }
    }

    private void BeforeBytes(int count)
    {
        // Before the record is written, these are the body's alone.
        exchange.Measure.BytesOut += count;
        if (exchange.AnswerLength <= exchange.Measure.BytesOut)
        {
            exchange.Record();
        }
    }
}
