using System.Buffers;
using System.IO.Pipelines;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Serving.Caching;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.AiAdapter.Wire;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>A call in one of the formats in which models are talked to.</summary>
internal sealed partial class ModelCall(
    HttpContext http,
    AiCaller caller,
    CallServices services,
    InboundFormat inbound,
    string format
) : ServedCall(http, caller, services, format)
{
    private const int ReadSize = 16 << 10;

    private HubRequest _request = null!;
    private CallTap? _tap;

    protected override RouteNeeds Needs =>
        new(
            PromptTokens,
            _request.Tools.Count > 0,
            _request.Messages.Any(m => m.Content.Any(b => b is ImageBlock)),
            _request.Output is OutputFormat.Schema
        );

    protected override long? MaxOutput => _request.MaxOutputTokens;

    public override async Task RunAsync(ReadOnlyMemory<byte> body)
    {
        switch (inbound.ReadRequest(body))
        {
            case ReadOutcome.Refused refused:
                await RefuseAsync(inbound.WriteProblems(refused.Problems, Id));
                break;
            case ReadOutcome.Read read:
                _request = read.Request;
                Facts.Streamed = _request.Stream;
                PromptTokens = TokenEstimate.Of(_request);
                await CarryAsync(_request.Model);
                break;
            default:
                throw new InvalidOperationException("A request is read or refused.");
        }
    }

    protected override ErrorReply Write(Failure failure) => inbound.WriteError(failure, Id);

    protected override async Task<Failure?> TryAsync(Attempt attempt)
    {
        _tap = null;
        var (exchange, request, failure) = await WriteAsync(attempt);
        if (request is null)
        {
            return failure;
        }

        var (answer, refusal) = await AskAsync(request, exchange!.ReadError);
        if (answer is null)
        {
            return refusal;
        }

        using (answer)
        {
            Tell(attempt, request);
            try
            {
                return _request.Stream
                    ? await StreamAsync(attempt, answer, exchange)
                    : await WholeAsync(attempt, answer, exchange);
            }
            finally
            {
                Count();
            }
        }
    }

    private async Task<(Exchange? Exchange, ProviderRequest? Request, Failure? Failure)> WriteAsync(
        Attempt attempt
    )
    {
        while (true)
        {
            var exchange = new Exchange(
                inbound,
                _request,
                new(attempt.Deployment, Services.Time.GetUtcNow())
            );
            switch (exchange.Write())
            {
                case WriteOutcome.Ready ready:
                    return (exchange, ready.Request, null);
                case WriteOutcome.Refused refused:
                    return (null, null, Unable(refused.Problems));
                case WriteOutcome.NeedsMedia media:
                    var (fetched, failure) = await Services.Media.FetchAsync(
                        media.Links,
                        Deadline.Token
                    );
                    if (failure is not null)
                    {
                        return (null, null, failure);
                    }

                    _request = _request with { Fetched = fetched };
                    break;
                default:
                    throw new InvalidOperationException("A request is written or refused.");
            }
        }
    }

    // What a model cannot do, with the client's own names for it.
    private static Failure Unable(IReadOnlyList<RequestProblem> problems) =>
        new(
            FailureKind.InvalidRequest,
            string.Join("\n", problems),
            Code: "unsupported_parameter",
            Field: problems[0].Path.Length == 0 ? null : problems[0].Path
        );

    private void Tell(Attempt attempt, ProviderRequest request)
    {
        var headers = Http.Response.Headers;
        headers["x-apisvc-model"] =
            $"{attempt.Deployment.Provider.Name}/{attempt.Deployment.Model}";
        if (_key is not null)
        {
            TellCache("fwd=miss");
        }

        headers.Remove("x-apisvc-warning");
        if (request.Warnings.Count > 0)
        {
            headers["x-apisvc-warning"] = string.Join("; ", request.Warnings);
        }
    }

    private async Task<Failure?> WholeAsync(
        Attempt attempt,
        HttpResponseMessage answer,
        Exchange exchange
    )
    {
        var (body, failure) = await ReadAsync(answer);
        if (body is null)
        {
            return failure;
        }

        using var output = new PooledBuffer(body.Length + 1024);
        _tap = exchange.ReadAnswer(body, Id, Facts.Start, output);
        if (_tap.Failed is { } failed)
        {
            return failed;
        }

        NoteFirstToken(attempt);
        HasBegun = true;
        Facts.Status = StatusCodes.Status200OK;
        Facts.Outcome = AiOutcome.Completed;
        Count();
        Record();
        Keep(_key is null ? null : output.Span.ToArray());
        await Http.SendJsonAsync(output.Memory);
        return null;
    }

    private async Task<Failure?> StreamAsync(
        Attempt attempt,
        HttpResponseMessage answer,
        Exchange exchange
    )
    {
        var output = Http.Response.BodyWriter;
        _copy?.Dispose();
        _copy = _key is null ? null : new(output, AnswerCache.MaxAnswer);
        IBufferWriter<byte> writer = _copy is null ? output : _copy;
        using var stream = exchange.ReadStream(Id, Facts.Start, writer);
        _tap = stream.Tap;
        var buffer = ArrayPool<byte>.Shared.Rent(ReadSize);
        try
        {
            await using var body = await answer.Content.ReadAsStreamAsync(Deadline.Token);
            while (!stream.Ended)
            {
                var (read, failure) = await ReadPieceAsync(body, buffer, stream.Tap);
                if (failure is { } late && !stream.Tap.Passed)
                {
                    return late;
                }

                if (read > 0)
                {
                    stream.Push(buffer.AsSpan(0, read));
                }
                else
                {
                    stream.Complete();
                }

                if (stream.Tap is { Failed: { } failed, Passed: false })
                {
                    return failed;
                }

                await PassAsync(attempt, stream, output);
                if (read == 0)
                {
                    break;
                }
            }

            return stream.Tap.Failed;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    // Nothing more comes after a failure: an answer that had begun ends as one that broke off.
    private async ValueTask<(int Read, Failure? Failure)> ReadPieceAsync(
        Stream body,
        byte[] buffer,
        CallTap tap
    )
    {
        try
        {
            WaitFor(tap.Passed ? Services.Options.IdleTimeout : Services.Options.AnswerTimeout);
            return (await body.ReadAsync(buffer, Deadline.Token), null);
        }
        catch (Exception failed) when (FailureOf(failed) is { } failure)
        {
            return (0, failure);
        }
    }

    private async ValueTask PassAsync(Attempt attempt, IAnswerStream stream, PipeWriter output)
    {
        if (!stream.Tap.Passed)
        {
            return;
        }

        if (!HasBegun)
        {
            NoteFirstToken(attempt);
            HasBegun = true;
            Facts.Status = StatusCodes.Status200OK;
            SetStreamHeaders();
        }

        if (stream.Ended)
        {
            Facts.Outcome = stream.Tap.Failed is null ? AiOutcome.Completed : AiOutcome.Failed;
            if (stream.Tap.Failed is { } failure)
            {
                Facts.Failure = Snake.Of(failure.Kind.ToString());
            }

            Count();
            Record();
            Keep(_copy?.Copy);
        }

        await output.FlushAsync(Http.RequestAborted);
    }

    private void Count()
    {
        if (_tap is { } tap)
        {
            Facts.Finish = tap.Finished?.Reason;
            (Facts.Usage, Facts.Counting) = AnswerCount.Of(tap, PromptTokens);
        }
    }
}
