using ApiSvc.Analytics.Lost;
using ApiSvc.Analytics.Queries;
using ApiSvc.Contracts.Analytics.V1;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Analytics.Calls;

/// <summary>Writes documents as the contract's messages.</summary>
internal static class Answers
{
    public static QuerySeriesResponse Of(SeriesDocument document) =>
        new()
        {
            Series = { document.Series.Select(Of) },
            Previous = { (document.Previous ?? []).Select(Of) },
        };

    public static QueryTopResponse Of(TopDocument document) =>
        new()
        {
            Values =
            {
                document.Items.Select(i => new TopValue
                {
                    Key = i.Key,
                    Name = i.Name,
                    Value = i.Value,
                }),
            },
        };

    public static QueryBreakdownResponse Of(BreakdownDocument document) =>
        new() { Values = { document.Items.Select(Of) } };

    public static QueryPercentilesResponse Of(PercentilesDocument document) =>
        new()
        {
            Calls = (ulong)document.Calls,
            LatencyUs = { document.Items.Select(i => i.LatencyUs) },
        };

    public static LostCalls Of(LostDocument lost) =>
        new()
        {
            SpoolId = lost.SpoolId.ToString(),
            Lane = (uint)lost.Lane,
            Node = lost.Node,
            FromSequence = (ulong)lost.FromSequence,
            Count = (ulong)lost.Count,
            FoundAt = lost.FoundAt.ToTimestamp(),
        };

    public static Call Of(CallDocument call) =>
        new()
        {
            Id = call.Id.ToString(),
            Start = call.Start.ToTimestamp(),
            ApiId = Text(call.ApiId),
            VersionId = Text(call.VersionId),
            Operation = call.Operation ?? "",
            OperationId = Text(call.OperationId),
            OperationTemplate = call.OperationTemplate ?? "",
            Environment = call.Environment ?? "",
            ApplicationId = Text(call.ApplicationId),
            SubscriptionId = Text(call.SubscriptionId),
            PlanId = Text(call.PlanId),
            ProviderTeamId = Text(call.ProviderTeamId),
            ConsumerTeamId = Text(call.ConsumerTeamId),
            User = call.User ?? "",
            CredentialKind = call.CredentialKind,
            CredentialPrefix = call.CredentialPrefix ?? "",
            Protocol = call.Protocol,
            Method = call.Method ?? "",
            Host = call.Host ?? "",
            Path = call.Path,
            Query = call.Query ?? "",
            UserAgent = call.UserAgent ?? "",
            Status = (uint)call.Status,
            LatencyUs = (uint)call.LatencyUs,
            UpstreamUs = (uint)call.UpstreamUs,
            GatewayUs = (uint)call.GatewayUs,
            BytesIn = (ulong)call.BytesIn,
            BytesOut = (ulong)call.BytesOut,
            ClientAddress = call.ClientAddress ?? "",
            ProblemId = call.ProblemId ?? "",
            RefusedBy = call.RefusedBy ?? "",
            UpstreamAddress = call.UpstreamAddress ?? "",
            UpstreamTries = (uint)call.UpstreamTries,
            CacheStatus = call.CacheStatus,
            TraceId = call.TraceId ?? "",
            ConfigGeneration = (ulong)call.ConfigGeneration,
            Node = call.Node ?? "",
            GatewayGroup = call.GatewayGroup ?? "",
        };

    private static Series Of(SeriesLine line) =>
        new()
        {
            Key = line.Key,
            Name = line.Name,
            Points =
            {
                line.Points.Select(p => new Point { Time = p.Time.ToTimestamp(), Value = p.Value }),
            },
        };

    private static BreakdownValue Of(BreakdownLine line) =>
        new()
        {
            Key = line.Key,
            Name = line.Name,
            Calls = (ulong)line.Calls,
            Errors = (ulong)line.Errors,
            ErrorsUnauthorized = (ulong)line.ErrorsUnauthorized,
            ErrorsLimited = (ulong)line.ErrorsLimited,
            ErrorsRefused = (ulong)line.ErrorsRefused,
            ErrorsClient = (ulong)line.ErrorsClient,
            ErrorsUpstream = (ulong)line.ErrorsUpstream,
            ErrorsGateway = (ulong)line.ErrorsGateway,
            BytesIn = (ulong)line.BytesIn,
            BytesOut = (ulong)line.BytesOut,
            LatencyMean = line.LatencyMean,
            LatencyP50 = line.LatencyP50,
            LatencyP95 = line.LatencyP95,
            LatencyP99 = line.LatencyP99,
        };

    private static string Text<T>(T? id)
        where T : struct => id?.ToString() ?? "";
}
