using System.Collections.Concurrent;
using ApiSvc.Analytics.Queries;
using ApiSvc.Contracts.CallRecords.V1;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Calls;

/// <summary>Turns rows into documents: looks up their texts, and leaves out what the reader may not see.</summary>
internal sealed class CallTexts(NpgsqlDataSource database)
{
    private const int MostInMemory = 100_000;

    private readonly ConcurrentDictionary<int, string> _known = new();

    public async Task<IReadOnlyList<CallDocument>> PublishAsync(
        IReadOnlyList<CallRow> rows,
        QueryScope scope,
        CancellationToken cancellationToken
    )
    {
        var texts = await FindAsync(rows, cancellationToken);
        return [.. rows.Select(row => Publish(row, texts, scope))];
    }

    private async Task<IReadOnlyDictionary<int, string>> FindAsync(
        IReadOnlyList<CallRow> rows,
        CancellationToken cancellationToken
    )
    {
        var ids = rows.SelectMany(r => r.Texts).Where(id => id != 0).ToHashSet();
        var missing = ids.Where(id => !_known.ContainsKey(id)).ToArray();
        if (_known.Count + missing.Length > MostInMemory)
        {
            _known.Clear();
            missing = [.. ids];
        }

        if (missing.Length > 0)
        {
            await using var db = await database.OpenConnectionAsync(cancellationToken);
            var found = await db.QueryAsync<(int Id, string Value)>(
                "select id, value from text_value where id = any(@missing)",
                new { missing }
            );
            foreach (var (id, value) in found)
            {
                _known[id] = value;
            }
        }

        return _known;
    }

    private static CallDocument Publish(
        CallRow row,
        IReadOnlyDictionary<int, string> texts,
        QueryScope scope
    )
    {
        // A consumer sees how its call went, not how the provider's side is built.
        var isProvider = scope.Team is null || scope.Team == row.ProviderTeam;
        return new()
        {
            Id = new(row.Id),
            Start = new(row.Started, TimeSpan.Zero),
            ProviderTeamId = Of<TeamKind>(row.ProviderTeam),
            ApiId = Of<ApiKind>(row.ApiId),
            VersionId = Of<VersionKind>(row.VersionId),
            OperationId = Of<OperationKind>(row.OperationId),
            Operation = Text(CallText.OperationName),
            OperationTemplate = Text(CallText.OperationTemplate),
            Environment = Text(CallText.Environment),
            ConsumerTeamId = Of<TeamKind>(row.ConsumerTeam),
            ApplicationId = Of<ApplicationKind>(row.ApplicationId),
            SubscriptionId = Of<SubscriptionKind>(row.SubscriptionId),
            PlanId = Of<PlanKind>(row.PlanId),
            CredentialKind = WordOf((CredentialKind)row.CredentialKind),
            CredentialPrefix = Text(CallText.CredentialPrefix),
            User = row.User,
            Protocol = WordOf((Protocol)row.Protocol),
            Method = Text(CallText.Method),
            Host = Text(CallText.Host),
            Path = row.Path,
            Query = row.Query,
            UserAgent = Text(CallText.UserAgent),
            ClientAddress = row.ClientAddress,
            Status = row.Status,
            ProblemId = Text(CallText.Problem),
            RefusedBy = Text(CallText.RefusedBy),
            LatencyUs = row.LatencyUs,
            UpstreamUs = row.UpstreamUs,
            GatewayUs = row.GatewayUs,
            BytesIn = row.BytesIn,
            BytesOut = row.BytesOut,
            CacheStatus = WordOf((CacheStatus)row.CacheStatus),
            UpstreamTries = row.UpstreamTries,
            TraceId = row.TraceId?.ToString("N"),
            ConfigGeneration = row.ConfigGeneration,
            UpstreamAddress = isProvider ? Text(CallText.UpstreamAddress) : null,
            Node = isProvider ? Text(CallText.Node) : null,
            GatewayGroup = isProvider ? Text(CallText.GatewayGroup) : null,
        };

        string? Text(CallText text) =>
            row.Texts[(int)text] is > 0 and var id ? texts.GetValueOrDefault(id) : null;
    }

    private static Id<TKind>? Of<TKind>(Guid? id)
        where TKind : IIdKind => id is { } value ? new Id<TKind>(value) : null;

    private static string WordOf<T>(T value)
        where T : struct, Enum =>
        System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
