using ApiSvc.Analytics.Queries;

namespace ApiSvc.Analytics.Calls;

/// <summary>The statements that read calls.</summary>
internal static class CallSql
{
    /// <summary>The newest within a window: from, included, to before a place in the order.</summary>
    public static SqlText Newest(CallFilter filter, DateTime from, CallPlace before, int limit)
    {
        var sql = new SqlText();
        var since = sql.Parameter(from);
        var time = sql.Parameter(before.Time);
        var id = sql.Parameter(before.Id);
        var most = sql.Parameter((long)limit);
        foreach (var (index, side) in filter.Sides.Index())
        {
            // A side at a time: each is a walk along an index, which an "or" of both would not be.
            sql.Append(index == 0 ? "select * from ((" : " union all (");
            sql.Append(
                $"select {CallRow.Columns} from call c where c.started >= {since} and c.started <= {time} and (c.started, c.id) < ({time}, {id})"
            );
            filter.Write(sql, side);
            sql.Append($" order by c.started desc, c.id desc limit {most})");
        }

        return sql.Append($") c order by started desc, id desc limit {most}");
    }

    /// <summary>One call, by when it may have started.</summary>
    public static SqlText One(CallFilter filter, Guid id, DateTime from, DateTime to)
    {
        var sql = new SqlText();
        var since = sql.Parameter(from);
        var until = sql.Parameter(to);
        var wanted = sql.Parameter(id);
        foreach (var (index, side) in filter.Sides.Index())
        {
            sql.Append(index == 0 ? "" : " union all ");
            sql.Append(
                $"select {CallRow.Columns} from call c where c.started between {since} and {until} and c.id = {wanted}"
            );
            filter.Write(sql, side);
        }

        return sql;
    }

    /// <summary>Those of some numbers of a lane, oldest first.</summary>
    public static SqlText OfLane(
        CallFilter filter,
        DateTime from,
        DateTime to,
        Ingest.LaneRange range,
        int limit
    )
    {
        var sql = new SqlText();
        var since = sql.Parameter(from);
        var until = sql.Parameter(to);
        var lane = sql.Parameter(range.Lane);
        var first = sql.Parameter(range.From);
        var last = sql.Parameter(range.To);
        foreach (var (index, side) in filter.Sides.Index())
        {
            sql.Append(index == 0 ? "select * from ((" : " union all (");
            sql.Append(
                $"select {CallRow.Columns} from call c where c.started between {since} and {until} and c.lane_id = {lane} and c.sequence between {first} and {last}"
            );
            filter.Write(sql, side);
            sql.Append(")");
        }

        return sql.Append($") c order by started, id limit {sql.Parameter((long)limit)}");
    }
}

/// <summary>A place in the order of calls.</summary>
internal sealed record CallPlace(DateTime Time, Guid Id)
{
    public static CallPlace Of(CallRow row) => new(row.Started, row.Id);
}
