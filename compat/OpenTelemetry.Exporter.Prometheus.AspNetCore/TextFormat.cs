using System.Net.Http.Headers;
using System.Text;

namespace OpenTelemetry.Exporter.Prometheus;

/// <summary>Writes a snapshot as Prometheus' text format 0.0.4, or as OpenMetrics 1.0.0.</summary>
internal sealed class TextFormat(bool openMetrics)
{
    private static readonly TextFormat Text = new(openMetrics: false);
    private static readonly TextFormat OpenMetrics = new(openMetrics: true);

    public string ContentType { get; } =
        openMetrics
            ? "application/openmetrics-text; version=1.0.0; charset=utf-8"
            : "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>OpenMetrics if the scraper accepts it at least as gladly as anything else that it names.</summary>
    public static TextFormat For(string accept)
    {
        double open = 0,
            text = 0;
        foreach (var range in accept.Split(','))
        {
            if (!MediaTypeWithQualityHeaderValue.TryParse(range, out var type))
            {
                continue;
            }

            var quality = type.Quality ?? 1;
            switch (type.MediaType)
            {
                case "application/openmetrics-text":
                    open = Math.Max(open, quality);
                    break;
                case "text/plain":
                    text = Math.Max(text, quality);
                    break;
            }
        }

        return open > 0 && open >= text ? OpenMetrics : Text;
    }

    public string Write(Snapshot snapshot)
    {
        var output = new StringBuilder();
        WriteTarget(output, snapshot.Target);
        foreach (var family in snapshot.Families.Where(family => family.Samples.Count > 0))
        {
            WriteFamily(output, family);
        }

        if (openMetrics)
        {
            output.Append("# EOF\n");
        }

        return output.ToString();
    }

    /// <summary>Who is scraped: the resource's attributes. Text 0.0.4 knows no info metrics, so there it is a gauge.</summary>
    private void WriteTarget(StringBuilder output, IReadOnlyList<Label> target)
    {
        var name = openMetrics ? "target" : "target_info";
        WriteHead(output, name, openMetrics ? "info" : "gauge", unit: null, "Target metadata");
        output.Append("target_info");
        WriteLabels(output, target);
        output.Append(" 1\n");
    }

    private void WriteFamily(StringBuilder output, Family family)
    {
        // In 0.0.4 the family of a counter has its samples' name, in OpenMetrics the name without _total.
        var name = openMetrics ? family.Name : family.Name + family.Total;
        var type = family.Kind switch
        {
            FamilyKind.Counter => "counter",
            FamilyKind.Gauge => "gauge",
            _ => "histogram",
        };
        WriteHead(output, name, type, family.Unit, family.Help);
        foreach (var sample in family.Samples)
        {
            output.Append(family.Name).Append(sample.Suffix);
            WriteLabels(output, sample.Labels);
            output.Append(' ').Append(sample.Value).Append('\n');
        }
    }

    private void WriteHead(
        StringBuilder output,
        string name,
        string type,
        string? unit,
        string help
    )
    {
        output.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
        if (openMetrics && unit is not null)
        {
            output.Append("# UNIT ").Append(name).Append(' ').Append(unit).Append('\n');
        }

        if (help.Length > 0)
        {
            output.Append("# HELP ").Append(name).Append(' ');
            WriteEscaped(output, help, quotes: openMetrics);
            output.Append('\n');
        }
    }

    private static void WriteLabels(StringBuilder output, IReadOnlyList<Label> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            output.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"");
            WriteEscaped(output, labels[i].Value, quotes: true);
            output.Append('"');
        }

        output.Append(labels.Count > 0 ? "}" : "");
    }

    private static void WriteEscaped(StringBuilder output, string text, bool quotes)
    {
        foreach (var character in text)
        {
            _ = character switch
            {
                '\\' => output.Append("\\\\"),
                '\n' => output.Append("\\n"),
                '"' when quotes => output.Append("\\\""),
                _ => output.Append(character),
            };
        }
    }
}
