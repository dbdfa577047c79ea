using System.Globalization;

namespace ApiSvc.Spool.Segments;

/// <summary>The files of a spool: <c>002-0000000017.segment</c> is the seventeenth of lane 2.</summary>
internal sealed class SegmentFolder(string path)
{
    private const string Extension = ".segment";

    public string PathOf(int lane, long number) =>
        Path.Combine(
            path,
            string.Create(CultureInfo.InvariantCulture, $"{lane:d3}-{number:d10}{Extension}")
        );

    /// <summary>What is there, in order of lane and number.</summary>
    public IEnumerable<(int Lane, long Number, string Path)> List() =>
        Directory
            .EnumerateFiles(path, "*" + Extension)
            .Select(file =>
            {
                var parts = Path.GetFileNameWithoutExtension(file).Split('-');
                return
                    parts.Length == 2
                    && int.TryParse(parts[0], CultureInfo.InvariantCulture, out var lane)
                    && long.TryParse(parts[1], CultureInfo.InvariantCulture, out var number)
                    ? (lane, number, file)
                    : (-1, -1, file);
            })
            .Where(f => f.Item1 >= 0)
            .Order();
}
