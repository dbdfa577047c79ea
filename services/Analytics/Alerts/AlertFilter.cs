using System.ComponentModel.DataAnnotations;
using ApiSvc.Analytics.Queries;
using V1 = ApiSvc.Contracts.Analytics.V1;

namespace ApiSvc.Analytics.Alerts;

/// <summary>Which values of a dimension calls must have, one of them.</summary>
internal sealed record AlertFilter
{
    public required Dimension Dimension { get; init; }

    [Length(1, 100)]
    public required IReadOnlyList<string> Values { get; init; }
}

/// <summary>Filters as queries have them.</summary>
internal static class AlertFilters
{
    /// <summary>What is wrong with them, in sentences.</summary>
    public static IEnumerable<ValidationResult> Judge(
        IReadOnlyList<AlertFilter> filters,
        string property
    )
    {
        if (filters.Any(f => !Enum.IsDefined(f.Dimension) || f.Values.Count == 0))
        {
            yield return new("Each filter has a dimension and 1 to 100 values.", [property]);
        }
        else if (filters.DistinctBy(f => f.Dimension).Count() < filters.Count)
        {
            yield return new(
                "Each dimension may be filtered once; give all values there.",
                [property]
            );
        }
        else
        {
            var check = new QueryCheck(name => name);
            DimensionFilters.Of(ToRange(filters), check);
            foreach (var wrong in check.IsRight ? [] : check.Problem.Errors)
            {
                yield return new($"{wrong.Location}: {wrong.Detail}", [property]);
            }
        }
    }

    public static DimensionFilters ToQuery(IReadOnlyList<AlertFilter> filters)
    {
        var check = new QueryCheck(name => name);
        var read = DimensionFilters.Of(ToRange(filters), check);
        check.ThrowIfWrong();
        return read;
    }

    /// <summary>Whether what the inner filters let through is a part of what the outer ones do.</summary>
    public static bool Cover(IReadOnlyList<AlertFilter> outer, IReadOnlyList<AlertFilter> inner) =>
        outer.All(o =>
            inner.FirstOrDefault(i => i.Dimension == o.Dimension) is { } same
            && same.Values.All(v => o.Values.Contains(v, StringComparer.OrdinalIgnoreCase))
        );

    public static IReadOnlyList<AlertFilter> Read(IEnumerable<V1.Filter> filters) =>
        [
            .. filters.Select(f => new AlertFilter
            {
                Dimension = (Dimension)(int)f.Dimension,
                Values = [.. f.Values],
            }),
        ];

    public static IEnumerable<V1.Filter> ToMessages(IReadOnlyList<AlertFilter> filters) =>
        filters.Select(f => new V1.Filter
        {
            Dimension = (V1.Dimension)(int)f.Dimension,
            Values = { f.Values },
        });

    private static RangeInput ToRange(IReadOnlyList<AlertFilter> filters)
    {
        IReadOnlyList<string> Of(Dimension dimension) =>
            filters.FirstOrDefault(f => f.Dimension == dimension)?.Values ?? [];

        return new()
        {
            Api = Of(Dimension.Api),
            Version = Of(Dimension.Version),
            Operation = Of(Dimension.Operation),
            Environment = Of(Dimension.Environment),
            StatusClass = Of(Dimension.StatusClass),
            Application = Of(Dimension.Application),
            Subscription = Of(Dimension.Subscription),
            Plan = Of(Dimension.Plan),
        };
    }
}
