using ApiSvc.Analytics.Queries;
using ApiSvc.Contracts.Analytics.V1;
using Google.Protobuf.WellKnownTypes;
using Dimension = ApiSvc.Analytics.Queries.Dimension;
using Metric = ApiSvc.Analytics.Queries.Metric;
using Side = ApiSvc.Analytics.Queries.Side;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Calls;

/// <summary>Reads messages as the inputs that REST reads queries as.</summary>
internal static class Questions
{
    public static SeriesInput Of(QuerySeriesRequest request, QueryCheck check) =>
        Fill(new SeriesInput(), request.Range, request.Filters, request.Side, check) with
        {
            Metric = MetricOf(request.Metric, check),
            Interval = request.Interval is null ? null : TimeOf(request.Interval, check),
            By = request.By == V1.Dimension.Unspecified ? null : By(request.By, check),
            Compare = request.CompareWithPrevious,
        };

    public static TopInput Of(QueryTopRequest request, QueryCheck check) =>
        Fill(
            new TopInput { By = By(request.By, check) },
            request.Range,
            request.Filters,
            request.Side,
            check
        ) with
        {
            Metric = MetricOf(request.Metric, check),
            Limit = LimitOf(request.Limit),
        };

    public static BreakdownInput Of(QueryBreakdownRequest request, QueryCheck check) =>
        Fill(
            new BreakdownInput { By = By(request.By, check) },
            request.Range,
            request.Filters,
            request.Side,
            check
        ) with
        {
            Limit = LimitOf(request.Limit),
        };

    public static PercentilesInput Of(QueryPercentilesRequest request, QueryCheck check) =>
        Fill(new PercentilesInput(), request.Range, request.Filters, request.Side, check) with
        {
            P = [.. request.Percentiles],
        };

    public static CallFilterInput Of(SearchCallsRequest request, QueryCheck check) =>
        Fill(Of(request.Where), request.Range, request.Filters, request.Side, check) with
        {
            Status = [.. request.Statuses.Select(StatusOf)],
            PathContains = request.PathContains,
        };

    public static CallFilterInput Of(TailCallsRequest request, QueryCheck check) =>
        Fill(Of(request.Where), null, request.Filters, request.Side, check) with
        {
            Status = [.. request.Statuses.Select(StatusOf)],
            PathContains = request.PathContains,
        };

    private static CallFilterInput Of(V1.CallFilter? where) =>
        where is null
            ? new()
            : new()
            {
                Method = where.Methods,
                Host = where.Hosts,
                ClientAddress = where.ClientAddresses,
                User = where.Users,
                CredentialPrefix = where.CredentialPrefixes,
                ProblemId = where.ProblemIds,
                RefusedBy = where.RefusedBy,
                Node = where.Nodes,
                UpstreamAddress = where.UpstreamAddresses,
                TraceId = where.TraceIds,
                QueryContains = where.QueryContains,
                UserAgentContains = where.UserAgentContains,
                MinLatencyUs = where.HasMinLatencyUs ? where.MinLatencyUs : null,
                MaxLatencyUs = where.HasMaxLatencyUs ? where.MaxLatencyUs : null,
            };

    private static T Fill<T>(
        T input,
        TimeRange? range,
        IEnumerable<Filter> filters,
        V1.Side side,
        QueryCheck check
    )
        where T : RangeInput
    {
        var values = filters.ToLookup(f => f.Dimension, f => f.Values);
        if (values.Any(f => f.Key == V1.Dimension.Unspecified || !System.Enum.IsDefined(f.Key)))
        {
            check.Add("api", "invalid", "Each filter names a dimension.");
        }

        if (!System.Enum.IsDefined(side))
        {
            check.Add("side", "invalid", "There is no such side.");
        }

        return input with
        {
            From = TimeOf(range?.From, "from", check),
            To = TimeOf(range?.To, "to", check),
            Side = (Side)side,
            Api = Values(V1.Dimension.Api),
            Version = Values(V1.Dimension.Version),
            Operation = Values(V1.Dimension.Operation),
            Environment = Values(V1.Dimension.Environment),
            StatusClass = Values(V1.Dimension.StatusClass),
            Application = Values(V1.Dimension.Application),
            Subscription = Values(V1.Dimension.Subscription),
            Plan = Values(V1.Dimension.Plan),
        };

        IReadOnlyList<string> Values(V1.Dimension dimension) =>
            [.. values[dimension].SelectMany(v => v)];
    }

    private static Dimension By(V1.Dimension by, QueryCheck check)
    {
        if (by == V1.Dimension.Unspecified || !System.Enum.IsDefined(by))
        {
            check.Add("by", "required", "Give a dimension.");
        }

        return (Dimension)by;
    }

    private static Metric MetricOf(V1.Metric metric, QueryCheck check)
    {
        if (metric == V1.Metric.Unspecified || !System.Enum.IsDefined(metric))
        {
            check.Add("metric", "required", "Give a metric.");
        }

        return (Metric)metric;
    }

    private static DateTimeOffset? TimeOf(Timestamp? time, string name, QueryCheck check)
    {
        if (time is null)
        {
            return null;
        }

        try
        {
            return time.ToDateTimeOffset();
        }
        catch (InvalidOperationException)
        {
            check.Add(name, "range", "Is no time.");
            return null;
        }
    }

    private static TimeSpan? TimeOf(Duration duration, QueryCheck check)
    {
        try
        {
            return duration.ToTimeSpan();
        }
        catch (InvalidOperationException)
        {
            check.Add("interval", "range", "Is no duration.");
            return null;
        }
    }

    private static int LimitOf(uint limit) => limit == 0 ? 10 : (int)Math.Min(limit, int.MaxValue);

    private static int StatusOf(uint status) => (int)Math.Min(status, int.MaxValue);
}
