using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Upstreams;
using ApiSvc.Gateway.Http1.Wire;

namespace ApiSvc.Gateway.Http1;

/// <content>The request's body on its way to the upstream; while it is, the answer may come already.</content>
internal sealed partial class Http1Exchange
{
    private WireBuffer? _pieces;
    private Task _uploading = Task.CompletedTask;
    private long _mostBody;
    private long _uploadBegan;
    private volatile bool _stopsUpload;
    private volatile ForwardOutcome _uploadFault;

    private void BeginUpload(long mostBody)
    {
        _mostBody = mostBody;
        _stopsUpload = false;
        _uploadFault = ForwardOutcome.NotForwarded;
        _uploading = Task.CompletedTask;
        _isBodySent = _body.IsDone;
    }

    // A short body that is there goes with the head, in one piece.
    private void AppendBody()
    {
        if (
            _body.IsDone
            || _body.IsChunked
            || _body.Left > Math.Min(_client.Reader.Length, MostBodyInHead)
        )
        {
            return;
        }

        var length = (int)_body.Left;
        _send.Write(_client.Reader.Span[..length]);
        _client.Reader.Consume(length);
        _body.Take(length);
        Measure.BytesIn += length;
        _isBodySent = true;
    }

    private void StartUpload(UpstreamConnection connection)
    {
        if (_isBodySent)
        {
            // So is seen when the client leaves.
            _client.Reader.ReadAhead();
            return;
        }

        _uploadBegan = Environment.TickCount64;
        _uploading = UploadAsync(connection);
    }

    private async Task UploadAsync(UpstreamConnection connection)
    {
        try
        {
            var fault = _body.IsChunked
                ? await UploadChunksAsync(connection)
                : await UploadLengthAsync(connection);
            if (fault == ForwardOutcome.NotForwarded)
            {
                _isBodySent = true;
                _client.Reader.ReadAhead();
            }
            else if (!_stopsUpload)
            {
                _uploadFault = fault;
                CutUpstream();
            }
        }
        catch (Exception e)
            when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            // The upstream takes no more. It may have answered before, which the other flow reads.
        }
    }

    private async ValueTask<ForwardOutcome> UploadLengthAsync(UpstreamConnection connection)
    {
        var reader = _client.Reader;
        while (!_body.IsDone)
        {
            if (reader.Length == 0)
            {
                var fault = await MoreAsync();
                if (fault != ForwardOutcome.NotForwarded)
                {
                    return fault;
                }

                continue;
            }

            var piece = reader.Buffered;
            piece = piece[..(int)Math.Min(piece.Length, _body.Left)];
            await connection.Stream.WriteAsync(piece);
            reader.Consume(piece.Length);
            _body.Take(piece.Length);
            Measure.BytesIn += piece.Length;
        }

        return ForwardOutcome.NotForwarded;
    }

    private async ValueTask<ForwardOutcome> UploadChunksAsync(UpstreamConnection connection)
    {
        var reader = _client.Reader;
        _pieces ??= new();
        while (!_body.IsDone)
        {
            if (reader.Length == 0)
            {
                var fault = await MoreAsync();
                if (fault != ForwardOutcome.NotForwarded)
                {
                    return fault;
                }

                continue;
            }

            _pieces.Clear();
            var (read, written) = _body.Decode(reader.Span, _pieces.BeginChunk(reader.Length));
            reader.Consume(read);
            Measure.BytesIn += written;
            if (_body.IsBad)
            {
                return ForwardOutcome.BodyUnreadable;
            }

            if (_body.Read > _mostBody)
            {
                return ForwardOutcome.BodyTooLarge;
            }

            if (written > 0)
            {
                _pieces.EndChunk(written);
            }

            if (_body.IsDone)
            {
                _pieces.Write("0\r\n"u8);
                _body.Trailer.WriteTo(_pieces);
            }

            if (_pieces.Length > 0)
            {
                await connection.Stream.WriteAsync(_pieces.Written);
            }
        }

        return ForwardOutcome.NotForwarded;
    }

    // Waits for more of the body.
    private async ValueTask<ForwardOutcome> MoreAsync()
    {
        var reader = _client.Reader;
        while (!reader.TryAdvance(WireReader.LargeSize))
        {
            if (_stopsUpload)
            {
                return ForwardOutcome.BrokenOff;
            }

            if (!await _client.WaitForBodyAsync(_uploadBegan, _body.Read))
            {
                return ForwardOutcome.BodyTooSlow;
            }
        }

        return reader.IsEnded && reader.Length == 0
            ? ForwardOutcome.ClientLeft
            : ForwardOutcome.NotForwarded;
    }

    // What went wrong on this side, if the other one failed for it.
    private ForwardOutcome? Uploaded() =>
        _uploadFault == ForwardOutcome.NotForwarded ? null : _uploadFault;

    // Returns whether the upstream had all of the body.
    private async ValueTask<bool> EndUploadAsync(UpstreamConnection connection, long lease)
    {
        if (!_uploading.IsCompleted)
        {
            _stopsUpload = true;
            connection.Abort(lease);
            _client.Reader.Wake();
            await _uploading;
        }

        return _isBodySent;
    }

    /// <summary>Reads what is left of a body that nobody wanted, if it is short.</summary>
    /// <returns>Whether it was read whole.</returns>
    public async ValueTask<bool> DrainAsync()
    {
        var reader = _client.Reader;
        var began = Environment.TickCount64;
        while (!_body.IsDone)
        {
            if (reader.Length > 0)
            {
                var length = (int)Math.Min(reader.Length, _body.Left);
                reader.Consume(length);
                _body.Take(length);
                continue;
            }

            if (reader.IsEnded)
            {
                return false;
            }

            if (
                !reader.TryAdvance(WireReader.LargeSize)
                && !await _client.WaitForBodyAsync(began, _body.Read)
            )
            {
                return false;
            }
        }

        return true;
    }

    // Whether the client is to be kept for another request although its body was not read: only where the rest is short.
    private bool CanDrain =>
        _body.IsDone || (!_body.IsChunked && !Head.ExpectsContinue && _body.Left <= MostDrained);
}
