using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Queries;

/// <summary>The statement that counts from rollups: bucket, key, and sums of the wanted measures.</summary>
internal static class RollupSql
{
    public static SqlText Write(
        CallQuestion question,
        Side side,
        RollupFamily family,
        IReadOnlyList<TimePart> parts
    )
    {
        var sql = new SqlText();
        var key = question.By is { } by ? DimensionKeys.ColumnOf(by) : "''::text";
        var bucket = question.Interval is { } interval
            ? $"date_bin({sql.Parameter(interval)}, m.time, timestamptz 'epoch')"
            : "timestamptz 'epoch'";
        // Of everything there is nothing to be looked up.
        var needsSeries =
            question.By is not null
            || question.Scope.Team is not null
            || question.Filters.Values.Count > 0;
        if (needsSeries)
        {
            sql.Append(
                $"with s as materialized (select id, {key} as key from {family.Series} where "
            );
            AppendScope(sql, question, side);
            AppendFilters(sql, question);
            sql.Append(") ");
        }

        sql.Append($"select bucket, key::text, {MeasureColumns.Sums(question.Measures)} from (");
        foreach (var (index, level) in parts.GroupBy(p => p.Level).Index())
        {
            var table = TableOf(family, level.Key);
            var from = needsSeries
                ? $"s.key, {MeasureColumns.Of("m", question.Measures)} from s join {table} m on m.series = s.id"
                : $"{key} as key, {MeasureColumns.Of("m", question.Measures)} from {table} m";
            sql.Append(index == 0 ? "" : " union all ");
            sql.Append($"select {bucket} as bucket, {from} where (");
            foreach (var (place, part) in level.Index())
            {
                sql.Append(place == 0 ? "" : " or ");
                sql.Append(
                    $"(m.time >= {sql.Parameter(part.From)} and m.time < {sql.Parameter(part.To)})"
                );
            }

            sql.Append(")");
        }

        return sql.Append(") u group by bucket, key");
    }

    private static void AppendScope(SqlText sql, CallQuestion question, Side side)
    {
        if (question.Scope.Team is not { } team)
        {
            sql.Append("true");
            return;
        }

        var parameter = sql.Parameter(team);
        sql.Append(
            side switch
            {
                Side.Provider => $"provider_team = {parameter}",
                Side.Consumer => $"consumer_team = {parameter}",
                _ => $"(provider_team = {parameter} or consumer_team = {parameter})",
            }
        );
    }

    private static void AppendFilters(SqlText sql, CallQuestion question)
    {
        foreach (var (dimension, values) in question.Filters.Values)
        {
            sql.Append($" and {DimensionKeys.ColumnOf(dimension)} = any({sql.Parameter(values)})");
        }
    }

    private static string TableOf(RollupFamily family, Level level) =>
        level switch
        {
            Level.Minute => family.Minute,
            Level.Hour => family.Hour,
            _ => family.Day,
        };
}
