using System.Runtime.CompilerServices;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Wire;
using ApiSvc.Gateway.Problems;

namespace ApiSvc.Gateway.Http1;

/// <content>The answer as the client gets it.</content>
internal sealed partial class Http1Exchange
{
    public override ValueTask SendAnswerAsync()
    {
        // A client whose body is longer than is taken, or too slow, is not waited for.
        _keeps &= CanDrain && Status is not (408 or 413);
        var problem = Answer?.Problem;
        if (problem is not null)
        {
            _responseFields.Set(HeaderName.CacheControl, "no-store"u8);
            _responseFields.Set(HeaderName.ContentType, ProblemJson.MediaTypeUtf8);
        }

        var length = problem is null ? 0 : ProblemJson.LengthOf(problem);
        WriteHead(Status is < 200 or 204 or 304 ? -1 : length, isChunked: false);
        if (problem is not null && !Method.SequenceEqual("HEAD"u8))
        {
            ProblemJson.Write(problem, CallId, _send);
            Measure.BytesOut += length;
        }

        _isStarted = true;
        Record();
        return _client.SendAsync(_send.Written);
    }

    // Sends the upstream's answer on. Returns whether its connection can serve another call.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<bool> RelayAsync(WireReader reader)
    {
        var kind = _answerHead.Body;
        var isChunked = kind is BodyKind.Chunked or BodyKind.UntilClose && !Head.IsHttp10;
        // Without a length and without chunks, the end of the connection is the answer's.
        _keeps &= kind is BodyKind.None or BodyKind.Length || isChunked;
        _keeps &= _isBodySent;
        WriteHead(_answerHead.ContentLength, isChunked);
        // The head of a body in chunks waits for the first of them, which may be none that can be read.
        _isStarted = kind is BodyKind.None or BodyKind.Length;
        switch (kind)
        {
            case BodyKind.None:
                Record();
                await _client.SendAsync(_send.Written);
                break;
            case BodyKind.Length:
                await RelayLengthAsync(reader);
                break;
            default:
                await RelayUnknownAsync(reader, isChunked, kind == BodyKind.Chunked);
                break;
        }

        return _answerHead.KeepsAlive;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask RelayLengthAsync(WireReader reader)
    {
        var left = _answerHead.ContentLength;
        // What is there already goes with the head, in one piece.
        var first = (int)Math.Min(Math.Min(left, reader.Length), MostBodyInHead);
        _send.Write(reader.Span[..first]);
        reader.Consume(first);
        left -= first;
        Measure.BytesOut += first;
        if (left == 0)
        {
            Record();
        }

        await _client.SendAsync(_send.Written);
        while (left > 0)
        {
            if (reader.Length == 0)
            {
                await MoreOfAnswerAsync(reader);
            }

            var piece = reader.Buffered;
            piece = piece[..(int)Math.Min(piece.Length, left)];
            left -= piece.Length;
            Measure.BytesOut += piece.Length;
            if (left == 0)
            {
                Record();
            }

            await _client.SendAsync(piece);
            reader.Consume(piece.Length);
        }
    }

    // A body whose length nobody said: each piece goes on as it comes.
    private async ValueTask RelayUnknownAsync(WireReader reader, bool isChunked, bool comesChunked)
    {
        var chunks = default(ChunkedDecoder);
        _trailer.Clear();
        if (reader.Length == 0)
        {
            // The head of a stream does not wait for its first byte.
            await FlushAsync();
        }

        var isOver = false;
        while (!isOver)
        {
            if (reader.Length == 0)
            {
                var hasMore = await TryMoreOfAnswerAsync(reader);
                if (!hasMore && comesChunked)
                {
                    throw new IOException(
                        "The upstream ended before its answer did.",
                        reader.Error
                    );
                }

                isOver = !hasMore;
            }

            var input = reader.Span;
            var (read, written) = Copy(input, isChunked, comesChunked, ref chunks);
            reader.Consume(read);
            Measure.BytesOut += written;
            if (chunks.IsBad)
            {
                _isAnswerBad = true;
                throw new IOException("The upstream's answer has no chunks that can be read.");
            }

            isOver |= chunks.IsDone;
            if (isOver)
            {
                WriteEnd(isChunked, comesChunked);
                Record();
            }

            await FlushAsync();
        }
    }

    private (int Read, int Written) Copy(
        ReadOnlySpan<byte> input,
        bool isChunked,
        bool comesChunked,
        ref ChunkedDecoder chunks
    )
    {
        if (input.IsEmpty)
        {
            return default;
        }

        var room = isChunked ? _send.BeginChunk(input.Length) : _send.GetSpan(input.Length);
        var result = (Read: input.Length, Written: input.Length);
        if (comesChunked)
        {
            result = chunks.Decode(input, room, _trailer);
        }
        else
        {
            input.CopyTo(room);
        }

        if (!isChunked)
        {
            _send.Advance(result.Written);
        }
        else if (result.Written > 0)
        {
            _send.EndChunk(result.Written);
        }

        return result;
    }

    private void WriteEnd(bool isChunked, bool comesChunked)
    {
        if (!isChunked)
        {
            return;
        }

        _send.Write("0\r\n"u8);
        if (comesChunked)
        {
            _trailer.WriteTo(_send);
        }
        else
        {
            _send.Write(WireBytes.NewLine);
        }
    }

    private async ValueTask FlushAsync()
    {
        if (_send.Length > 0)
        {
            _isStarted = true;
            await _client.SendAsync(_send.Written);
            _send.Clear();
        }
    }

    private static async ValueTask MoreOfAnswerAsync(WireReader reader)
    {
        if (!await TryMoreOfAnswerAsync(reader))
        {
            throw new IOException("The upstream ended before its answer did.", reader.Error);
        }
    }

    // False at the end that the upstream made in order.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private static async ValueTask<bool> TryMoreOfAnswerAsync(WireReader reader)
    {
        while (!reader.TryAdvance(WireReader.LargeSize))
        {
            await reader.WaitAsync();
        }

        return reader.Length > 0
            || (reader.Error is { } error ? throw new IOException(error.Message, error) : false);
    }

    // Answers before the answer (RFC 9110 section 15.2), for clients that know them.
    private async ValueTask SendInterimAsync()
    {
        if (Head.IsHttp10)
        {
            return;
        }

        _interim.Clear();
        _interim.Write("HTTP/1.1 "u8);
        _interim.WriteNumber(_answerHead.Status);
        _interim.Write(" "u8);
        _interim.Write(_answerHead.Reason);
        _interim.Write(WireBytes.NewLine);
        WriteFields(_interim);
        _interim.Write(WireBytes.NewLine);
        await _client.SendAsync(_interim.Written);
    }

    private void WriteHead(long length, bool isChunked)
    {
        _send.Clear();
        WriteStatus();
        WriteFields(_send);
        if (!_responseFields.Has(HeaderName.Date))
        {
            _send.Write(DateField.Line);
        }

        WriteId();
        if (isChunked)
        {
            _send.Write("Transfer-Encoding: chunked\r\n"u8);
        }
        else if (length >= 0)
        {
            _send.Write("Content-Length: "u8);
            _send.WriteNumber(length);
            _send.Write(WireBytes.NewLine);
        }

        if (!_keeps || _client.IsDraining)
        {
            _keeps = false;
            _send.Write("Connection: close\r\n"u8);
        }
        else if (Head.IsHttp10)
        {
            _send.Write("Connection: keep-alive\r\n"u8);
        }

        _send.Write(WireBytes.NewLine);
        Measure.BytesOut += _send.Length;
    }

    private void WriteStatus()
    {
        _send.Write("HTTP/1.1 "u8);
        _send.WriteNumber(Status);
        _send.Write(" "u8);
        if (Answer is null && Status == _answerHead.Status)
        {
            _send.Write(_answerHead.Reason);
        }
        else
        {
            _send.Write(StatusText.Of(Status));
        }

        _send.Write(WireBytes.NewLine);
    }

    private void WriteFields(WireBuffer output)
    {
        if (_answerHead.NamesFields)
        {
            RemoveNamed(_responseFields);
        }

        for (var i = 0; i < _responseFields.Length; i++)
        {
            if (!_responseFields.IsRemoved(i) && HopFields.GoesToClient(_responseFields.KnownAt(i)))
            {
                output.WriteField(_responseFields.NameAt(i), _responseFields.ValueAt(i));
            }
        }
    }
}
