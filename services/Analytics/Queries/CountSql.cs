using System.Globalization;
using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Queries;

/// <summary>The statement that counts single calls: bucket, key, bucket of the latency or 0, and the counting columns.</summary>
internal static class CountSql
{
    public static SqlText Write(CallQuestion question, CallSource source)
    {
        var sql = new SqlText();
        var bucket = question.Interval is { } interval
            ? $"date_bin({sql.Parameter(interval)}, started, timestamptz 'epoch')"
            : "timestamptz 'epoch'";
        // The same buckets as in C#; γ^i may be rounded to either side, which is a latency of exactly that.
        var latency = question.Measures.Histograms
            ? $"case when latency_us <= 1 then 0 else greatest(1, ceil(ln(latency_us::float8) / {LogGamma}))::int end"
            : "0";
        sql.Append(
            $"""
            select bucket, key, latency, count(*),
              count(*) filter (where kind = 1), count(*) filter (where kind = 2), count(*) filter (where kind = 3),
              count(*) filter (where kind = 4), count(*) filter (where kind = 5), count(*) filter (where kind = 6),
              sum(bytes_in)::bigint, sum(bytes_out)::bigint, sum(latency_us)::bigint
            from (
              select {bucket} as bucket, {KeyOf(
                question.By
            )} as key, {latency} as latency, {ErrorKinds.Sql} as kind,
                bytes_in, bytes_out, latency_us
              from call c where started >= {sql.Parameter(
                question.Range.From
            )} and started < {sql.Parameter(question.Range.To)}
            """
        );
        AppendScope(sql, question, source);
        foreach (var (dimension, values) in question.Filters.Values)
        {
            sql.Append($" and {FilterOn(dimension, sql.Parameter(values))}");
        }

        return sql.Append(") k group by bucket, key, latency");
    }

    /// <summary>A condition on the columns of <c>call c</c>.</summary>
    public static string FilterOn(Dimension dimension, string parameter) =>
        dimension switch
        {
            Dimension.Environment =>
                $"c.environment_text in (select id from text_value where value = any({parameter}))",
            Dimension.StatusClass => $"c.status / 100 = any({parameter})",
            _ =>
                $"coalesce(c.{DimensionKeys.ColumnOf(dimension)}, '{Guid.Empty}') = any({parameter})",
        };

    private static string LogGamma =>
        LatencyBuckets.LogGamma.ToString("R", CultureInfo.InvariantCulture);

    private static void AppendScope(SqlText sql, CallQuestion question, CallSource source)
    {
        if (question.Scope.Team is not { } team)
        {
            return;
        }

        var parameter = sql.Parameter(team);
        sql.Append(
            source.Side switch
            {
                Side.Provider => $" and provider_team = {parameter}",
                Side.Consumer => $" and consumer_team = {parameter}",
                _ => $" and (provider_team = {parameter} or consumer_team = {parameter})",
            }
        );
        if (source.OthersApisOnly)
        {
            sql.Append($" and provider_team is distinct from {parameter}");
        }
    }

    private static string KeyOf(Dimension? by) =>
        by switch
        {
            null => "''",
            Dimension.Environment =>
                "coalesce((select value from text_value where id = c.environment_text), '')",
            Dimension.StatusClass => "(c.status / 100)::text",
            { } dimension =>
                $"coalesce(c.{DimensionKeys.ColumnOf(dimension)}, '{Guid.Empty}')::text",
        };
}
