using System.Globalization;

namespace ApiSvc.Gateway.Sync.Disk;

/// <summary>
/// The names of a folder's files. <c>0000000007.base</c> is a whole state; <c>0000000007.deltas</c> are changes from
/// it on, and so are those with higher numbers: each begins where the ones before end.
/// </summary>
internal sealed class StateFiles(string folder)
{
    private const string Base = ".base";
    private const string Deltas = ".deltas";
    private const string Unfinished = ".unfinished";

    public string BasePath(long number) => PathOf(number, Base);

    public string DeltasPath(long number) => PathOf(number, Deltas);

    public string UnfinishedPath(long number) => PathOf(number, Base) + Unfinished;

    public IReadOnlyList<long> Bases() => Numbers(Base);

    public IReadOnlyList<long> DeltaFiles() => Numbers(Deltas);

    public long Highest() => Bases().Concat(DeltaFiles()).DefaultIfEmpty(0).Max();

    /// <summary>Removes what is older than the newest <paramref name="bases"/> and what was never finished.</summary>
    public void Prune(int bases)
    {
        var kept = Bases();
        if (kept.Count > bases)
        {
            var oldest = kept[^bases];
            foreach (var number in kept.Concat(DeltaFiles()).Where(n => n < oldest))
            {
                File.Delete(BasePath(number));
                File.Delete(DeltasPath(number));
            }
        }
    }

    public void RemoveUnfinished()
    {
        foreach (var path in Directory.EnumerateFiles(folder, "*" + Unfinished))
        {
            File.Delete(path);
        }
    }

    private string PathOf(long number, string extension) =>
        Path.Combine(folder, number.ToString("D10", CultureInfo.InvariantCulture) + extension);

    private List<long> Numbers(string extension) =>
        Directory.Exists(folder)
            ?
            [
                .. Directory
                    .EnumerateFiles(folder, "*" + extension)
                    .Select(Path.GetFileNameWithoutExtension)
                    .Where(n => long.TryParse(n, CultureInfo.InvariantCulture, out _))
                    .Select(n => long.Parse(n!, CultureInfo.InvariantCulture))
                    .Order(),
            ]
            : [];
}
