using System.Net.Sockets;
using System.Runtime.CompilerServices;
using System.Security.Authentication;
using ApiSvc.Gateway.Exchanges;
using ApiSvc.Gateway.Http1.Connections;
using ApiSvc.Gateway.Http1.Upstreams;
using ApiSvc.Gateway.Http1.Wire;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Gateway.Http1;

/// <content>The way to the upstream and back.</content>
internal sealed partial class Http1Exchange
{
    private const int MostInterim = 32;
    private const int MostBodyInHead = 16_384;

    private static long _leases;

    private readonly RequestBody _body = new();
    private readonly ResponseHead _answerHead;
    private volatile UpstreamConnection? _upstream;
    private long _lease;
    private long _totalDeadline;
    private bool _isBodySent;
    private bool _isAnswerBad;
    private int _interims;

    /// <summary>Looks whether the upstream takes too long.</summary>
    public void Check(long now)
    {
        if (_upstream is not null && now >= Volatile.Read(ref _totalDeadline))
        {
            CutUpstream();
        }
    }

    /// <summary>
    /// Breaks that client's call off on the side of the upstream, from any thread; by then this may be another client's,
    /// whose call is left alone.
    /// </summary>
    public void CutUpstream(Http1Connection client)
    {
        // In this order: who sees another client's lease sees that client, too.
        var lease = Volatile.Read(ref _lease);
        if (ReferenceEquals(Volatile.Read(ref _client), client))
        {
            _upstream?.Abort(lease);
        }
    }

    private void CutUpstream() => _upstream?.Abort(Volatile.Read(ref _lease));

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public override async ValueTask<ForwardOutcome> ForwardAsync(ForwardTarget target)
    {
        Measure.Forward(target.Address.Origin);
        var upstream = target.Upstream;
        var total = upstream.TotalTimeout;
        Volatile.Write(
            ref _totalDeadline,
            total == Timeout.InfiniteTimeSpan
                ? long.MaxValue
                : Environment.TickCount64 + (long)Math.Ceiling(total.TotalMilliseconds)
        );
        BeginUpload(upstream.TakesAnyBody ? long.MaxValue : _lane.MaxRequestBodyBytes);
        WriteRequest(target);
        AppendBody();
        var pool = _lane.Pools.For(target);
        while (true)
        {
            var connection = pool.TryTake();
            var isReused = connection is not null;
            if (connection is null)
            {
                (connection, var refusal) = await OpenAsync(pool, target);
                if (connection is null)
                {
                    return Outcome = Failed(refusal);
                }
            }

            var outcome = await TryAsync(connection, target);
            if (outcome == ForwardOutcome.NotForwarded)
            {
                if (isReused && CanRepeat)
                {
                    continue;
                }

                outcome = ForwardOutcome.Unreachable;
            }

            return Outcome = outcome == ForwardOutcome.Answered ? outcome : Failed(outcome);
        }
    }

    // A connection that was kept may have been closed meanwhile; then the request is sent again, if it is one that may be
    // (RFC 9110 section 9.2.2) and all of it is at hand.
    private bool CanRepeat =>
        _isBodySent
        && !IsClientGone
        && (
            Method.SequenceEqual("GET"u8)
            || Method.SequenceEqual("HEAD"u8)
            || Method.SequenceEqual("PUT"u8)
            || Method.SequenceEqual("DELETE"u8)
            || Method.SequenceEqual("OPTIONS"u8)
            || Method.SequenceEqual("TRACE"u8)
        );

    private async ValueTask<(UpstreamConnection?, ForwardOutcome)> OpenAsync(
        UpstreamPool pool,
        ForwardTarget target
    )
    {
        using var limit = new CancellationTokenSource();
        if (target.Upstream.TotalTimeout != Timeout.InfiniteTimeSpan)
        {
            limit.CancelAfter(target.Upstream.TotalTimeout);
        }

        try
        {
            var connection = await pool.OpenAsync(target.Upstream, limit.Token);
            return (connection, ForwardOutcome.Busy);
        }
        catch (Exception e)
            when (e
                    is IOException
                        or SocketException
                        or AuthenticationException
                        or EgressBlockedException
                        or OperationCanceledException
            )
        {
            _lane.Edge.WhyNot(Id, "no connection", e);
            return (
                null,
                limit.IsCancellationRequested ? ForwardOutcome.TimedOut : ForwardOutcome.Unreachable
            );
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ForwardOutcome> TryAsync(
        UpstreamConnection connection,
        ForwardTarget target
    )
    {
        var lease = Interlocked.Increment(ref _leases);
        Volatile.Write(ref _lease, lease);
        _upstream = connection;
        _interims = 0;
        _isAnswerBad = false;
        var canServe = false;
        try
        {
            if (!connection.TryBegin(lease))
            {
                return ForwardOutcome.NotForwarded;
            }

            if (IsClientGone)
            {
                return ForwardOutcome.ClientLeft;
            }

            await connection.Stream.WriteAsync(_send.Written);
            StartUpload(connection);
            var reader = connection.Reader;
            AnswerEvent found;
            while ((found = ReadHead(reader)) != AnswerEvent.Answer)
            {
                if (found == AnswerEvent.None)
                {
                    return WhyNoHead(reader);
                }

                await MoreOfHeadAsync(found, reader);
            }

            OnUpstreamHead(target);
            canServe = await RelayAsync(reader);
            return ForwardOutcome.Answered;
        }
        catch (ClientGoneException)
        {
            return ForwardOutcome.ClientLeft;
        }
        catch (Exception e)
            when (e is IOException or ObjectDisposedException or OperationCanceledException)
        {
            return !_isStarted && (_isAnswerBad || connection.Reader.Length == 0)
                ? WhyNoHead(connection.Reader)
                : Reason(e);
        }
        finally
        {
            _upstream = null;
            var isUploaded = await EndUploadAsync(connection, lease);
            connection.End(canServe && isUploaded);
        }
    }

    private enum AnswerEvent
    {
        // The head is not whole yet.
        Unfinished,

        // There is none, and will be none.
        None,

        // Of an answer before the answer.
        Interim,

        Answer,
    }

    private ValueTask MoreOfHeadAsync(AnswerEvent found, WireReader reader) =>
        found == AnswerEvent.Interim ? SendInterimAsync()
        : reader.TryAdvance() ? default
        : reader.WaitAsync();

    private AnswerEvent ReadHead(WireReader reader)
    {
        var end = reader.Span.IndexOf(WireBytes.EndOfHead);
        if (end < 0)
        {
            _isAnswerBad =
                reader.Length > _lane.Options.MaxAnswerHeadBytes
                || (reader.Length > 0 && !CanBecomeHead(reader.Span));
            return _isAnswerBad || reader.IsEnded ? AnswerEvent.None : AnswerEvent.Unfinished;
        }

        _responseFields.Clear();
        var isWhole =
            end + 4 <= _lane.Options.MaxAnswerHeadBytes
            && _answerHead.TryRead(reader.Span[..(end + 4)], Method.SequenceEqual("HEAD"u8));
        if (!isWhole || _answerHead.Status == 101 || _interims == MostInterim)
        {
            _isAnswerBad = true;
            return AnswerEvent.None;
        }

        reader.Consume(end + 4);
        if (_answerHead.Status < 200)
        {
            _interims++;
            return AnswerEvent.Interim;
        }

        Status = _answerHead.Status;
        return AnswerEvent.Answer;
    }

    // What is none is told from what is slow: no line ends with a bare LF, and the first begins as all do.
    private static bool CanBecomeHead(ReadOnlySpan<byte> head)
    {
        var start = "HTTP/1."u8;
        var length = Math.Min(head.Length, start.Length);
        var line = head.IndexOf((byte)'\n');
        return head[..length].SequenceEqual(start[..length])
            && (line < 0 || (line > 0 && head[line - 1] == '\r'));
    }

    private ForwardOutcome WhyNoHead(WireReader reader)
    {
        if (_isAnswerBad)
        {
            _lane.Edge.WhyNot(Id, "the upstream's answer is no HTTP", null);
            return Uploaded() ?? ForwardOutcome.BadAnswer;
        }

        var why = Uploaded();
        return why
            ?? (
                IsClientGone ? ForwardOutcome.ClientLeft
                : Environment.TickCount64 >= Volatile.Read(ref _totalDeadline)
                    ? ForwardOutcome.TimedOut
                // Not a byte came: the request may not even have been read.
                : reader.Length == 0 && _interims == 0 ? ForwardOutcome.NotForwarded
                : ForwardOutcome.BadAnswer
            );
    }

    private ForwardOutcome Reason(Exception why)
    {
        if (Uploaded() is { } fault)
        {
            return fault;
        }

        if (IsClientGone)
        {
            return ForwardOutcome.ClientLeft;
        }

        _lane.Edge.WhyNot(Id, "broken off", why);
        return Environment.TickCount64 >= Volatile.Read(ref _totalDeadline) && !_isStarted
            ? ForwardOutcome.TimedOut
            : ForwardOutcome.BrokenOff;
    }

    // Nothing of the answer went out: the caller answers. Else the client must see that it is not whole.
    private ForwardOutcome Failed(ForwardOutcome outcome)
    {
        if (_isStarted)
        {
            _client.Abort();
            return outcome == ForwardOutcome.ClientLeft ? outcome : ForwardOutcome.BrokenOff;
        }

        _responseFields.Clear();
        return outcome;
    }
}
