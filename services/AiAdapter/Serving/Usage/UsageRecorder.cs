using System.Diagnostics;
using ApiSvc.Contracts.AiUsage.V1;
using ApiSvc.Spool;
using Google.Protobuf;

namespace ApiSvc.AiAdapter.Serving.Usage;

/// <summary>Keeps a record of every call.</summary>
internal interface IUsageRecorder
{
    /// <summary>Called once a call, before its last byte goes to the client: whoever was answered was counted.</summary>
    void Record(CallFacts facts);
}

/// <summary>Appends the record to the spool, from where it goes to Kafka.</summary>
internal sealed class UsageRecorder(RecordSpool spool) : IUsageRecorder
{
    // Names are shorter than that, all of them together.
    private const int MaxLength = 8 << 10;

    private static readonly SpoolWriter<AiUsage> Write = (record, room) =>
    {
        var length = record.CalculateSize();
        record.WriteTo(room[..length]);
        return length;
    };

    public void Record(CallFacts facts)
    {
        var record = ToRecord(facts);
        spool.TryAppend(Math.Max(MaxLength, record.CalculateSize()), record, Write, out _);
    }

    /// <summary>The record as it is sent.</summary>
    public static AiUsage ToRecord(CallFacts facts)
    {
        var record = new AiUsage
        {
            CallId = Bytes(facts.Caller.CallId),
            StartUs = Microseconds(facts.Start - DateTimeOffset.UnixEpoch),
            Environment = facts.Caller.Environment,
            CredentialPrefix = facts.Caller.Credential,
            VirtualModel = facts.Model,
            Format = facts.Format,
            Streamed = facts.Streamed,
            Outcome = facts.Outcome,
            Status = (uint)facts.Status,
            Failure = facts.Failure,
            Attempts = (uint)facts.Attempts,
            DurationUs = Microseconds(facts.Duration),
            FirstTokenUs = Microseconds(facts.FirstToken),
            Finish = facts.Finish is { } finish ? Snake.Of(finish.ToString()) : "",
            Counting = facts.Counting,
            CacheStatus = facts.Cache,
        };
        AddOwners(record, facts);
        AddAnswer(record, facts);
        return record;
    }

    private static void AddOwners(AiUsage record, CallFacts facts)
    {
        var caller = facts.Caller;
        record.ApiId = Bytes(caller.Api);
        record.VersionId = Bytes(caller.Version);
        record.ProviderTeamId = Bytes(caller.ApiTeam);
        record.ApplicationId = Bytes(caller.Application);
        record.ConsumerTeamId = Bytes(caller.ApplicationTeam);
        record.SubscriptionId = Bytes(caller.Subscription);
        record.PlanId = Bytes(caller.Plan);
        record.PromptId = Bytes(facts.Prompt);
        record.PromptRevision = (uint)facts.PromptRevision;
        if (Activity.Current is { } activity)
        {
            Span<byte> trace = stackalloc byte[16];
            activity.TraceId.CopyTo(trace);
            record.TraceId = ByteString.CopyFrom(trace);
        }
    }

    private static void AddAnswer(AiUsage record, CallFacts facts)
    {
        if (facts.Deployment is { } deployment)
        {
            record.Provider = deployment.Provider.Name;
            record.Model = deployment.Model;
            record.Deployment = deployment.Name;
            record.KeyName = deployment.KeyName;
        }

        var usage = facts.Usage;
        record.InputTokens = Tokens(usage.Input - usage.CachedInput - usage.CacheWrites);
        record.CachedInputTokens = Tokens(usage.CachedInput);
        record.CacheWrite5MTokens = Tokens(usage.CacheWrite5Minutes);
        record.CacheWrite1HTokens = Tokens(usage.CacheWrite1Hour);
        record.OutputTokens = Tokens(usage.Output - usage.Reasoning);
        record.ReasoningTokens = Tokens(usage.Reasoning);
        if (facts.Cost is { } cost)
        {
            record.CostPico = cost.PicoUnits;
            record.Currency = cost.Currency;
        }
    }

    private static ByteString Bytes(Guid? id) =>
        id is { } known
            ? ByteString.CopyFrom(known.ToByteArray(bigEndian: true))
            : ByteString.Empty;

    private static ulong Microseconds(TimeSpan time) =>
        (ulong)Math.Max(0, time.Ticks / TimeSpan.TicksPerMicrosecond);

    // Parts that contradict the whole must not become a giant number.
    private static ulong Tokens(long count) => (ulong)Math.Max(0, count);
}
