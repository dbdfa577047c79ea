using System.Diagnostics;
using System.Globalization;
using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Routing;
using ApiSvc.AiAdapter.Serving.Usage;
using ApiSvc.AiAdapter.Translation;
using ApiSvc.Contracts.AiUsage.V1;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>
/// One call to a model: finds it, takes its money out of the budgets, tries deployments until one answers, and leaves a record
/// whatever comes of it. Formats say what is sent and how it is answered.
/// </summary>
internal abstract partial class ServedCall : IDisposable
{
    private readonly long _began;
    private CancellationTokenRegistration _clientGone;
    private bool _isRecorded;
    private ServedModel? _served;
    private Activity? _span;

    protected ServedCall(HttpContext http, AiCaller caller, CallServices services, string format)
    {
        Http = http;
        Services = services;
        _began = services.Time.GetTimestamp();
        Facts = new()
        {
            Caller = caller,
            Start = services.Time.GetUtcNow(),
            Format = format,
        };
        Id = caller.CallId.ToString("N", CultureInfo.InvariantCulture);
        Deadline = null!;
        BeginDeadline();
    }

    protected HttpContext Http { get; }

    protected CallServices Services { get; }

    protected CallFacts Facts { get; }

    /// <summary>Of the call; ids in the answer are made of it.</summary>
    protected string Id { get; }

    /// <summary>Ends what waits for the provider: when it is late, or the client has gone.</summary>
    protected CancellationTokenSource Deadline { get; private set; }

    protected bool IsClientGone => Http.RequestAborted.IsCancellationRequested;

    /// <summary>Tokens of the prompt, estimated.</summary>
    protected long PromptTokens { get; set; }

    /// <summary>Whether something was sent to the client, so that an error cannot be an answer any more.</summary>
    protected bool HasBegun { get; set; }

    /// <summary>What the request asks of a deployment.</summary>
    protected abstract RouteNeeds Needs { get; }

    /// <summary>The most tokens that the client lets it answer; null: it did not say.</summary>
    protected abstract long? MaxOutput { get; }

    /// <summary>Reads the request and carries it.</summary>
    public abstract Task RunAsync(ReadOnlyMemory<byte> body);

    /// <summary>Carries a request that was read.</summary>
    /// <param name="model">The name that the client calls.</param>
    protected async Task CarryAsync(string model)
    {
        Facts.Model = model;
        _span = Services.Telemetry.Start(Facts);
        try
        {
            await ServeAsync(model);
        }
        catch (OperationCanceledException) when (IsClientGone)
        {
            // Nobody is there to be answered; the record says so.
        }
        finally
        {
            Record();
        }
    }

    public virtual void Dispose()
    {
        _clientGone.Dispose();
        Deadline.Dispose();
    }

    /// <summary>Answers a request that could not even be read.</summary>
    protected async Task RefuseAsync(ErrorReply reply)
    {
        Facts.Outcome = AiOutcome.Refused;
        Facts.Failure = Snake.Of(nameof(FailureKind.InvalidRequest));
        Facts.Status = reply.Status;
        Record();
        await Http.SendAsync(reply);
    }

    /// <summary>One try. What it counted is in the facts, also if it failed.</summary>
    /// <returns>Why there is no answer; null: there is one, sent.</returns>
    protected abstract Task<Failure?> TryAsync(Attempt attempt);

    /// <summary>Gives an answer again that an equal request had.</summary>
    /// <returns>Whether there was one; it is sent, and recorded.</returns>
    protected virtual ValueTask<bool> ReplayAsync(ServedModel model) => new(false);

    /// <summary>The failure in the client's format.</summary>
    protected abstract ErrorReply Write(Failure failure);

    /// <summary>The first of the answer came.</summary>
    protected void NoteFirstToken(Attempt attempt)
    {
        attempt.FirstToken();
        Facts.FirstToken = Services.Time.GetElapsedTime(_began);
    }

    /// <summary>Waits for the provider no longer than that, from now on.</summary>
    protected void WaitFor(TimeSpan time)
    {
        if (!IsClientGone)
        {
            Deadline.CancelAfter(time);
        }
    }

    /// <summary>Writes the record, once; before the last byte is sent.</summary>
    protected void Record()
    {
        if (_isRecorded)
        {
            return;
        }

        _isRecorded = true;
        if (Facts.Outcome == AiOutcome.Unspecified)
        {
            Facts.Outcome = IsClientGone ? AiOutcome.Aborted : AiOutcome.Failed;
        }

        Facts.Duration = Services.Time.GetElapsedTime(_began);
        Facts.Cost = CostOf(Facts.Usage);
        Services.Recorder.Record(Facts);
        Services.Telemetry.Record(Facts, _span);
    }

    private async Task ServeAsync(string model)
    {
        var team = Services.Configuration.Current.Teams.GetValueOrDefault(Facts.Caller.ApiTeam);
        if (team is null || !team.Models.TryGetValue(model, out _served))
        {
            await FailAsync(NotServed(team, model), AiOutcome.Refused);
            return;
        }

        if (await ReplayAsync(_served))
        {
            return;
        }

        var (reservation, refusal) = await Services.Budgets.ReserveAsync(
            Facts.Caller,
            Estimate(),
            Http.RequestAborted
        );
        if (refusal is not null)
        {
            await FailAsync(Refusal(refusal), AiOutcome.Refused, "budget");
            return;
        }

        try
        {
            await TryAllAsync(_served.Router);
        }
        finally
        {
            Record();
            if (reservation is not null)
            {
                if (Facts.Outcome == AiOutcome.Completed)
                {
                    // Nobody waits for the ledger who has the whole answer.
                    await Http.Response.CompleteAsync();
                }

                await SettleAsync(reservation);
            }
        }
    }

    private static Failure NotServed(TeamModels? team, string model) =>
        team?.Quarantined.ContainsKey(model) == true
            ? new(
                FailureKind.Overloaded,
                $"The model '{model}' cannot be called for now: nothing behind it is usable. Its owners see why."
            )
            : new(
                FailureKind.NotFound,
                $"There is no model '{model}' here. GET /v1/models lists those that there are.",
                Field: "model"
            );

    private async Task TryAllAsync(Router router)
    {
        var call = router.Begin(Needs);
        while (call.Next() is { } next)
        {
            using var attempt = next;
            Facts.Deployment = attempt.Deployment;
            Facts.Attempts = call.Tries;
            RenewDeadline();
            var failure = await TryAsync(attempt);
            if (failure is null)
            {
                Facts.Outcome = AiOutcome.Completed;
                return;
            }

            Log.Failed(Services.Logger, attempt.Deployment.Name, failure.Kind, failure.Status);
            Facts.Failure = Snake.Of(failure.Kind.ToString());
            attempt.Failed(failure, HasBegun);
            if (HasBegun)
            {
                Facts.Outcome = AiOutcome.Failed;
                return;
            }
        }

        await FailAsync(call.LastFailure ?? NoneFree(call), AiOutcome.Failed);
    }

    private void RenewDeadline()
    {
        Http.RequestAborted.ThrowIfCancellationRequested();
        if (!Deadline.TryReset())
        {
            _clientGone.Dispose();
            Deadline.Dispose();
            BeginDeadline();
        }
    }

    private void BeginDeadline()
    {
        Deadline = new(Timeout.InfiniteTimeSpan, Services.Time);
        _clientGone = Http.RequestAborted.Register(
            static state => ((CancellationTokenSource)state!).Cancel(),
            Deadline
        );
    }

    private static Failure NoneFree(RoutedCall call) =>
        new(
            FailureKind.RateLimited,
            "Everything that stands behind this model is at its limit or rests after failures.",
            RetryAfter: call.RetryAfter ?? TimeSpan.FromSeconds(1)
        );

    private async Task FailAsync(Failure failure, AiOutcome outcome, string? word = null)
    {
        Facts.Outcome = outcome;
        Facts.Failure = word ?? Snake.Of(failure.Kind.ToString());
        var reply = Write(failure);
        Facts.Status = reply.Status;
        Record();
        await Http.SendAsync(reply);
    }

    private static partial class Log
    {
        [LoggerMessage(
            EventId = 1,
            Level = LogLevel.Warning,
            Message = "Deployment {Deployment} gave no answer: {Kind} ({Status})."
        )]
        public static partial void Failed(
            ILogger logger,
            string deployment,
            FailureKind kind,
            int? status
        );

        [LoggerMessage(
            EventId = 2,
            Level = LogLevel.Warning,
            Message = "Deployment {Deployment} says that it counted {Tokens} tokens, which no price can be put on."
        )]
        public static partial void Impossible(ILogger logger, string deployment, long tokens);
    }
}
