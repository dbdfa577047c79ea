using System.Globalization;
using ApiSvc.Catalog.Import.Source;

namespace ApiSvc.Catalog.Import;

/// <summary>Gathers findings; past the limit of a severity it counts only.</summary>
internal sealed class FindingList(int limit)
{
    private readonly Dictionary<FindingSeverity, int> _seen = [];
    private readonly List<(
        FindingSeverity Severity,
        string Code,
        int Index,
        string Message
    )> _kept = [];

    /// <summary>What the findings are about; pointers are made when all is read.</summary>
    public SourceDocument? Source { get; set; }

    public void Add(FindingSeverity severity, string code, SourceNode node, string message) =>
        Add(severity, code, node.Index, message);

    public void Add(FindingSeverity severity, string code, int index, string message)
    {
        var seen = _seen[severity] = _seen.GetValueOrDefault(severity) + 1;
        if (seen <= limit)
        {
            _kept.Add((severity, code, index, message));
        }
    }

    /// <summary>Adds an error in place of what was found there before under the same word.</summary>
    public void Raise(string code, SourceNode node, string message)
    {
        if (_kept.RemoveAll(kept => kept.Code == code && kept.Index == node.Index) > 0)
        {
            _seen[FindingSeverity.Warning]--;
        }

        Error(code, node, message);
    }

    public void Error(string code, SourceNode node, string message) =>
        Add(FindingSeverity.Error, code, node.Index, message);

    public void Warning(string code, SourceNode node, string message) =>
        Add(FindingSeverity.Warning, code, node.Index, message);

    public void Info(string code, SourceNode node, string message) =>
        Add(FindingSeverity.Info, code, node.Index, message);

    /// <summary>Errors first, then as they stand in the document.</summary>
    public IReadOnlyList<Finding> ToFindings() =>
        [
            .. _kept
                .OrderBy(kept => kept.Severity)
                .ThenBy(kept => kept.Index)
                .Distinct()
                .Select(kept => new Finding(
                    kept.Severity,
                    kept.Code,
                    Source!.PointerTo(kept.Index),
                    Source[kept.Index].Line,
                    kept.Message
                )),
            .. _seen
                .Where(seen => seen.Value > limit)
                .OrderBy(seen => seen.Key)
                .Select(seen => new Finding(
                    seen.Key,
                    "further_findings",
                    "",
                    0,
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{seen.Value - limit} more findings of this severity are not listed."
                    )
                )),
        ];
}
