using ApiSvc.Analytics.Dimensions;
using ApiSvc.Analytics.Rollups;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Analytics.Queries;

/// <summary>Answers questions about numbers of calls.</summary>
internal sealed class CallNumbers(QueryEngine engine, NameBook names, TimeProvider time)
{
    private const int MostSeries = 50;
    private const int MostLines = 100;
    private const int MostPercentiles = 20;

    public async Task<SeriesDocument> SeriesAsync(
        QueryScope scope,
        SeriesInput input,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var question = Question(scope, input, check);
        var interval = QueryInterval.Of(input.Interval, question.Range, check);
        check.ThrowIfWrong();
        question = question with
        {
            Interval = interval,
            By = input.By,
            Measures = MetricValues.Needs(input.Metric),
        };
        var series = await LinesAsync(question, input.Metric, check, cancellationToken);
        var previous = input.Compare
            ? await LinesAsync(
                question with
                {
                    Range = question.Range.Before,
                },
                input.Metric,
                check,
                cancellationToken
            )
            : null;
        return new(
            input.Metric,
            Utc(question.Range.From),
            Utc(question.Range.To),
            interval,
            series,
            previous
        );
    }

    public async Task<TopDocument> TopAsync(
        QueryScope scope,
        TopInput input,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var question = Question(scope, input, check) with
        {
            By = input.By,
            Measures = MetricValues.Needs(input.Metric),
        };
        var limit = LimitOf(input.Limit, check);
        check.ThrowIfWrong();
        var cells = await engine.CountAsync(question, check, cancellationToken);
        var top = cells
            .Select(c => (c.Key.Key, Value: MetricValues.Of(input.Metric, c.Value)))
            .OrderByDescending(c => c.Value)
            .ThenBy(c => c.Key, StringComparer.Ordinal)
            .Take(limit)
            .ToList();
        var named = await names.NameAsync(input.By, top.Select(t => t.Key), cancellationToken);
        return new(input.Metric, [.. top.Select(t => Line(named[t.Key], t.Value))]);

        static TopLine Line(NamedKey key, double value) => new(key.Key, key.Name, value);
    }

    public async Task<BreakdownDocument> BreakdownAsync(
        QueryScope scope,
        BreakdownInput input,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var question = Question(scope, input, check) with { By = input.By };
        var limit = LimitOf(input.Limit, check);
        check.ThrowIfWrong();
        var cells = await engine.CountAsync(question, check, cancellationToken);
        var largest = cells
            .OrderByDescending(c => c.Value.Calls)
            .ThenBy(c => c.Key.Key, StringComparer.Ordinal)
            .Take(limit)
            .ToList();
        var named = await names.NameAsync(
            input.By,
            largest.Select(c => c.Key.Key),
            cancellationToken
        );
        return new([.. largest.Select(c => Line(named[c.Key.Key], c.Value))]);
    }

    public async Task<PercentilesDocument> PercentilesAsync(
        QueryScope scope,
        PercentilesInput input,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var asked = input.P.Count == 0 ? [50, 95, 99] : input.P;
        if (asked.Count > MostPercentiles || asked.Any(p => p is not (> 0 and < 100)))
        {
            check.Add("p", "range", $"Give up to {MostPercentiles} numbers over 0 and under 100.");
        }

        var question = Question(scope, input, check) with { Measures = MeasureSet.Latencies };
        check.ThrowIfWrong();
        var cells = await engine.CountAsync(question, check, cancellationToken);
        var all = cells.Values.SingleOrDefault() ?? new();
        return new(
            all.Calls,
            [.. asked.Select(p => new PercentileLine(p, all.Latency.Percentile(p)))]
        );
    }

    private CallQuestion Question(QueryScope scope, RangeInput input, QueryCheck check) =>
        new()
        {
            Scope = scope,
            Side = input.Side,
            Range = QueryRange.Of(input, time.GetUtcNow(), check),
            Filters = DimensionFilters.Of(input, check),
            Measures = MeasureSet.All,
        };

    private static int LimitOf(int limit, QueryCheck check)
    {
        if (limit is < 1 or > MostLines)
        {
            check.Add("limit", "range", $"Must be a whole number from 1 to {MostLines}.");
        }

        return limit;
    }

    private async Task<IReadOnlyList<SeriesLine>> LinesAsync(
        CallQuestion question,
        Metric metric,
        QueryCheck check,
        CancellationToken cancellationToken
    )
    {
        var cells = await engine.CountAsync(question, check, cancellationToken);
        var largest = cells
            .GroupBy(c => c.Key.Key, StringComparer.Ordinal)
            .OrderByDescending(g => g.Sum(c => c.Value.Calls))
            .ThenBy(g => g.Key, StringComparer.Ordinal)
            .Take(MostSeries)
            .Select(g => (g.Key, Cells: g.ToDictionary(c => c.Key.Time, c => c.Value)))
            .ToList();
        if (question.By is not { } by)
        {
            var all = largest.Count > 0 ? largest[0].Cells : [];
            return [new("", "", Points(all, question, metric))];
        }

        var named = await names.NameAsync(by, largest.Select(l => l.Key), cancellationToken);
        return
        [
            .. largest.Select(l => new SeriesLine(
                named[l.Key].Key,
                named[l.Key].Name,
                Points(l.Cells, question, metric)
            )),
        ];
    }

    private static List<SeriesPoint> Points(
        Dictionary<DateTime, Measures> cells,
        CallQuestion question,
        Metric metric
    )
    {
        var interval = question.Interval!.Value;
        var points = new List<SeriesPoint>();
        var at = QueryInterval.StartOf(question.Range.From, interval);
        for (; at < question.Range.To; at += interval)
        {
            if (cells.TryGetValue(at, out var cell))
            {
                points.Add(new(Utc(at), MetricValues.Of(metric, cell)));
            }
            else if (MetricValues.CountsUp(metric))
            {
                points.Add(new(Utc(at), 0));
            }
        }

        return points;
    }

    private static DateTimeOffset Utc(DateTime time) => new(time, TimeSpan.Zero);

    private static BreakdownLine Line(NamedKey key, Measures cell) =>
        new()
        {
            Key = key.Key,
            Name = key.Name,
            Calls = cell.Calls,
            Errors = cell.Errors,
            ErrorRate = MetricValues.Of(Metric.ErrorRate, cell),
            ErrorsUnauthorized = cell[ErrorKind.Unauthorized],
            ErrorsLimited = cell[ErrorKind.Limited],
            ErrorsRefused = cell[ErrorKind.Refused],
            ErrorsClient = cell[ErrorKind.Client],
            ErrorsUpstream = cell[ErrorKind.Upstream],
            ErrorsGateway = cell[ErrorKind.Gateway],
            BytesIn = cell.BytesIn,
            BytesOut = cell.BytesOut,
            LatencyMean = MetricValues.Of(Metric.LatencyMean, cell),
            LatencyP50 = cell.Latency.Percentile(50),
            LatencyP95 = cell.Latency.Percentile(95),
            LatencyP99 = cell.Latency.Percentile(99),
        };
}
