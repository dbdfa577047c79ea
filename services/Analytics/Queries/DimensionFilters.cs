using System.Globalization;
using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Analytics.Queries;

/// <summary>Which values of dimensions are asked for; a dimension without values is not filtered.</summary>
internal sealed class DimensionFilters
{
    private const int MostValues = 100;

    private readonly Dictionary<Dimension, Array> _values = [];

    /// <summary>The dimensions that are filtered, with values as SQL has them: uuid[], text[] or smallint[].</summary>
    public IReadOnlyDictionary<Dimension, Array> Values => _values;

    public static DimensionFilters Of(RangeInput input, QueryCheck check)
    {
        var filters = new DimensionFilters();
        filters.Ids<ApiKind>(Dimension.Api, "api", input.Api, check);
        filters.Ids<VersionKind>(Dimension.Version, "version", input.Version, check);
        filters.Ids<OperationKind>(Dimension.Operation, "operation", input.Operation, check);
        filters.Ids<ApplicationKind>(
            Dimension.Application,
            "application",
            input.Application,
            check
        );
        filters.Ids<SubscriptionKind>(
            Dimension.Subscription,
            "subscription",
            input.Subscription,
            check
        );
        filters.Ids<PlanKind>(Dimension.Plan, "plan", input.Plan, check);
        filters.Add(
            Dimension.Environment,
            "environment",
            input.Environment,
            check,
            text =>
                text.Length is > 0 and <= 63 && !text.Contains('\0', StringComparison.Ordinal)
                    ? text
                    : null,
            "Give the name of an environment, of 1 to 63 characters."
        );
        filters.Add(
            Dimension.StatusClass,
            "statusClass",
            input.StatusClass,
            check,
            ReadClass,
            "Give one of: 1xx, 2xx, 3xx, 4xx, 5xx, none."
        );
        return filters;
    }

    private static short? ReadClass(string text) =>
        text == DimensionKeys.None ? (short)0
        : text is [>= '1' and <= '9', 'x', 'x']
            ? short.Parse(text.AsSpan(0, 1), CultureInfo.InvariantCulture)
        : null;

    private void Ids<TKind>(
        Dimension dimension,
        string name,
        IReadOnlyList<string> texts,
        QueryCheck check
    )
        where TKind : IIdKind =>
        Add(
            dimension,
            name,
            texts,
            check,
            text =>
                text == DimensionKeys.None ? Guid.Empty
                : Id<TKind>.TryParse(text, out var id) ? id.Value
                : (Guid?)null,
            $"Give an id that starts with '{TKind.Prefix}_', or none."
        );

    private void Add<T>(
        Dimension dimension,
        string name,
        IReadOnlyList<string> texts,
        QueryCheck check,
        Func<string, T?> read,
        string right
    )
        where T : struct =>
        Add(dimension, name, texts, check, text => (object?)read(text), right, o => (T)o);

    private void Add(
        Dimension dimension,
        string name,
        IReadOnlyList<string> texts,
        QueryCheck check,
        Func<string, string?> read,
        string right
    ) => Add(dimension, name, texts, check, read, right, o => (string)o);

    private void Add<T>(
        Dimension dimension,
        string name,
        IReadOnlyList<string> texts,
        QueryCheck check,
        Func<string, object?> read,
        string right,
        Func<object, T> cast
    )
    {
        if (texts.Count == 0)
        {
            return;
        }

        if (texts.Count > MostValues)
        {
            check.Add(name, "length", $"Give at most {MostValues} values.");
            return;
        }

        var values = new List<T>();
        foreach (var text in texts)
        {
            if (read(text) is { } value)
            {
                values.Add(cast(value));
            }
            else
            {
                check.Add(name, "invalid", right);
            }
        }

        _values[dimension] = values.Distinct().ToArray();
    }
}
