using System.Diagnostics.CodeAnalysis;

namespace ApiSvc.Gateway.Routing;

/// <summary>A path template in segments.</summary>
internal sealed record PathTemplate(IReadOnlyList<SegmentTemplate> Segments)
{
    public IEnumerable<string> Names => Segments.SelectMany(s => s.Names);

    public static bool TryParse(
        string text,
        [NotNullWhen(true)] out PathTemplate? template,
        [NotNullWhen(false)] out string? reason
    )
    {
        template = null;
        reason = text.StartsWith('/') ? null : "it does not start with a slash";
        var segments = new List<SegmentTemplate>();
        var start = 1;
        while (reason is null && start <= text.Length)
        {
            var end = text.IndexOf('/', start);
            end = end < 0 ? text.Length : end;
            var segment = SegmentTemplate.Parse(text.AsSpan(start, end - start), out reason);
            if (segment is { IsLiteral: true, Literals: [[]] } && end < text.Length)
            {
                reason = "it has an empty segment, which requests lose when they are normalised";
            }

            if (segment is { IsLiteral: true, Literals: [[(byte)'.'] or [(byte)'.', (byte)'.']] })
            {
                reason = "it has a dot segment, which requests lose when they are normalised";
            }

            segments.Add(segment!);
            start = end + 1;
        }

        template = reason is null ? new(segments) : null;
        return reason is null;
    }
}
