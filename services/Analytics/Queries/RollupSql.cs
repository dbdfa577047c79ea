using ApiSvc.Analytics.Rollups;

namespace ApiSvc.Analytics.Queries;

/// <summary>The statement that counts from rollups: bucket, key, and measures.</summary>
internal static class RollupSql
{
    public static SqlText Write(
        CallQuestion question,
        CallSource source,
        IReadOnlyList<TimePart> parts
    )
    {
        var sql = new SqlText();
        var family = source.Family!;
        var key = question.By is { } by ? $"{DimensionKeys.ColumnOf(by)}::text" : "''";
        var bucket = question.Interval is { } interval
            ? $"date_bin({sql.Parameter(interval)}, m.time, timestamptz 'epoch')"
            : "timestamptz 'epoch'";
        var measures = question.Histograms
            ? MeasureColumns.List
            : string.Join(", ", Rollups.Measures.Columns);
        sql.Append($"with s as materialized (select id, {key} as key from {family.Series} where ");
        AppendScope(sql, question, source);
        AppendFilters(sql, question);
        sql.Append(") select bucket, key, ");
        sql.Append(question.Histograms ? measures : MeasureColumns.Sums).Append(" from (");
        foreach (var (index, level) in parts.GroupBy(p => p.Level).Index())
        {
            sql.Append(index == 0 ? "" : " union all ");
            sql.Append(
                $"select {bucket} as bucket, s.key, {Qualified(measures)} from s join {TableOf(family, level.Key)} m on m.series = s.id where ("
            );
            foreach (var (place, part) in level.Index())
            {
                sql.Append(place == 0 ? "" : " or ");
                sql.Append(
                    $"(m.time >= {sql.Parameter(part.From)} and m.time < {sql.Parameter(part.To)})"
                );
            }

            sql.Append(")");
        }

        sql.Append(") u");
        return question.Histograms ? sql : sql.Append(" group by bucket, key");
    }

    private static void AppendScope(SqlText sql, CallQuestion question, CallSource source)
    {
        if (question.Scope.Team is not { } team)
        {
            sql.Append("true");
            return;
        }

        var parameter = sql.Parameter(team);
        sql.Append(
            source.Side switch
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

    private static string Qualified(string columns) =>
        string.Join(", ", columns.Split(", ").Select(c => "m." + c));

    private static string TableOf(RollupFamily family, Level level) =>
        level switch
        {
            Level.Minute => family.Minute,
            Level.Hour => family.Hour,
            _ => family.Day,
        };
}
