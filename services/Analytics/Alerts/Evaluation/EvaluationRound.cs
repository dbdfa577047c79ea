using ApiSvc.Analytics.Alerts.Rules;
using ApiSvc.Analytics.Dimensions;
using ApiSvc.ServiceDefaults.Data;
using ApiSvc.ServiceDefaults.Identifiers;
using Dapper;
using Microsoft.Extensions.Options;
using Npgsql;

namespace ApiSvc.Analytics.Alerts.Evaluation;

/// <summary>
/// Evaluates each rule once for each minute that is over. Minutes that passed while nobody evaluated are left out; what was
/// known of alerts stays.
/// </summary>
internal sealed partial class EvaluationRound(
    NpgsqlDataSource database,
    IServiceScopeFactory scopes,
    IMetricReader metrics,
    AlertMetrics counters,
    UuidGenerator ids,
    IOptions<AlertOptions> options,
    TimeProvider time,
    ILogger<EvaluationRound> logger
)
{
    /// <summary>Evaluates what is due.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var to = MinuteBefore(time.GetUtcNow() - options.Value.Lag);
        await Parallel.ForEachAsync(
            await FindDueAsync(to, cancellationToken),
            new ParallelOptions
            {
                MaxDegreeOfParallelism = options.Value.Parallel,
                CancellationToken = cancellationToken,
            },
            async (rule, token) =>
            {
                try
                {
                    await EvaluateAsync(rule, to, token);
                    counters.Evaluated();
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    // The others go on; this one is due again in the next round.
                    counters.Failed();
                    Log.NotEvaluated(logger, e, rule.PublicId);
                }
            }
        );
    }

    private async Task<IReadOnlyList<AlertRuleRow>> FindDueAsync(
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        await using var db = await database.OpenConnectionAsync(cancellationToken);
        var rules = await db.QueryAsync<AlertRuleRow>(
            """
            select r.* from alert_rule r join alert a on a.rule_id = r.id
            where not r.disabled and (a.evaluated_to is null or a.evaluated_to < @to)
              and not exists (select from dimension_name n where n.kind = @kind and n.id = r.team_id and n.deleted)
            order by a.evaluated_to nulls first, r.id
            """,
            new { to, kind = (short)NameKind.Team }
        );
        return rules.AsList();
    }

    private async Task EvaluateAsync(
        AlertRuleRow rule,
        DateTimeOffset to,
        CancellationToken cancellationToken
    )
    {
        // Before the transaction: it may take longer than a change of the rule should wait.
        var value = await metrics.ReadAsync(rule, to, cancellationToken);

        await using var scope = scopes.CreateAsyncScope();
        var work = scope.ServiceProvider.GetRequiredService<UnitOfWork>();
        var db = await work.OpenAsync(cancellationToken);
        var current = await AlertRuleRow.FindAsync(db, rule.TeamId, rule.Id, "for share");
        if (current?.Version != rule.Version)
        {
            return;
        }

        var before = await AlertStatus.LockAsync(db, rule.Id);
        if (before.EvaluatedTo >= to)
        {
            // Another leader was faster.
            return;
        }

        var after = AlertCondition.Of(rule).Advance(before, value, to, ids.Next);
        await scope
            .ServiceProvider.GetRequiredService<AlertWriter>()
            .WriteAsync(db, rule, before, after, AlertWording.Reason(rule, value));
        await work.CommitAsync(cancellationToken);
    }

    private static DateTimeOffset MinuteBefore(DateTimeOffset time) =>
        time.AddTicks(-(time.Ticks % TimeSpan.TicksPerMinute));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The alert rule {Rule} was not evaluated")]
        public static partial void NotEvaluated(ILogger logger, Exception exception, string rule);
    }
}
