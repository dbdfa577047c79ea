using System.Text;
using OpenTelemetry.Metrics;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Names as "Prometheus and OpenMetrics compatibility" of the OpenTelemetry specification makes them.</summary>
internal static class PrometheusNames
{
    // UCUM's short forms, which OpenTelemetry uses, and the words that Prometheus uses.
    private static readonly Dictionary<string, string> Units = new(StringComparer.Ordinal)
    {
        ["d"] = "days",
        ["h"] = "hours",
        ["min"] = "minutes",
        ["s"] = "seconds",
        ["ms"] = "milliseconds",
        ["us"] = "microseconds",
        ["ns"] = "nanoseconds",
        ["By"] = "bytes",
        ["KiBy"] = "kibibytes",
        ["MiBy"] = "mebibytes",
        ["GiBy"] = "gibibytes",
        ["TiBy"] = "tibibytes",
        ["KBy"] = "kilobytes",
        ["MBy"] = "megabytes",
        ["GBy"] = "gigabytes",
        ["TBy"] = "terabytes",
        ["m"] = "meters",
        ["V"] = "volts",
        ["A"] = "amperes",
        ["J"] = "joules",
        ["W"] = "watts",
        ["g"] = "grams",
        ["Cel"] = "celsius",
        ["Hz"] = "hertz",
        ["%"] = "percent",
        ["1"] = "",
    };

    private static readonly Dictionary<string, string> PerUnits = new(StringComparer.Ordinal)
    {
        ["s"] = "second",
        ["m"] = "minute",
        ["min"] = "minute",
        ["h"] = "hour",
        ["d"] = "day",
        ["w"] = "week",
        ["mo"] = "month",
        ["y"] = "year",
    };

    /// <summary>The family's name, with its unit, without what its kind adds.</summary>
    public static (string Name, string? Unit) Family(string name, string unit, FamilyKind kind)
    {
        var sanitized = Metric(name);
        var words = Unit(unit, kind);

        // The unit comes before _total.
        if (kind == FamilyKind.Counter && sanitized.EndsWith("_total", StringComparison.Ordinal))
        {
            sanitized = sanitized[..^"_total".Length];
        }

        if (words is null)
        {
            return (sanitized, null);
        }

        return sanitized.EndsWith("_" + words, StringComparison.Ordinal)
            ? (sanitized, words)
            : ($"{sanitized}_{words}", words);
    }

    /// <summary>A label's name: letters, digits and underscores, not starting with a digit.</summary>
    public static string Label(string name) => Sanitize(name, colons: false);

    public static FamilyKind? Kind(MetricType type) =>
        type switch
        {
            MetricType.LongSum or MetricType.DoubleSum => FamilyKind.Counter,
            MetricType.LongSumNonMonotonic
            or MetricType.DoubleSumNonMonotonic
            or MetricType.LongGauge
            or MetricType.DoubleGauge => FamilyKind.Gauge,
            MetricType.Histogram => FamilyKind.Histogram,
            _ => null,
        };

    private static string Metric(string name) => Sanitize(name, colons: true);

    private static string Sanitize(string name, bool colons)
    {
        var result = new StringBuilder(name.Length + 1);
        foreach (var character in name)
        {
            if (char.IsAsciiLetter(character) || (colons && character == ':'))
            {
                result.Append(character);
            }
            else if (char.IsAsciiDigit(character))
            {
                result.Append(result.Length == 0 ? "_" : "").Append(character);
            }
            else if (!colons || result.Length == 0 || result[^1] != '_')
            {
                // One underscore for a run of them in a metric's name; a label's keeps its length.
                result.Append('_');
            }
        }

        return result.ToString();
    }

    private static string? Unit(string unit, FamilyKind kind)
    {
        if (unit == "1" && kind == FamilyKind.Gauge)
        {
            return "ratio";
        }

        // What stands in braces is a remark, not a unit.
        var plain = RemoveRemarks(unit);
        var slash = plain.IndexOf('/', StringComparison.Ordinal);
        var over = slash < 0 ? plain : plain[..slash];
        var under = slash < 0 ? "" : plain[(slash + 1)..];
        var words = Units.GetValueOrDefault(over, over);
        if (under.Length > 0)
        {
            words +=
                (words.Length > 0 ? "_" : "") + "per_" + PerUnits.GetValueOrDefault(under, under);
        }

        var sanitized = Sanitize(words, colons: true).Trim('_');
        return sanitized.Length > 0 ? sanitized : null;
    }

    private static string RemoveRemarks(string unit)
    {
        var result = new StringBuilder(unit.Length);
        var depth = 0;
        foreach (var character in unit)
        {
            depth += character == '{' ? 1 : 0;
            if (depth == 0)
            {
                result.Append(character);
            }

            depth -= character == '}' && depth > 0 ? 1 : 0;
        }

        return result.ToString();
    }
}
