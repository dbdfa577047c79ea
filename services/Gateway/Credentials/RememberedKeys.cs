using System.Numerics;

namespace ApiSvc.Gateway.Credentials;

/// <summary>
/// Keys that were found, by their keyed hash: a table of sets of four places, in pages that come to be with the first key in
/// them, so that a change of the credentials, which begins anew, costs no more than the keys that are used. Any thread reads
/// and writes it; of two that write at once one may be forgotten, and is then found again.
/// </summary>
internal sealed class RememberedKeys
{
    private const int Ways = 4;
    private const int PageSize = 512;
    private const int MostPages = 512;

    private readonly ApiKeyEntry?[]?[] _pages;

    /// <param name="count">How many keys there are.</param>
    public RememberedKeys(int count)
    {
        // Four times the keys: five of them in one set are rare then.
        var pages = (uint)Math.Clamp(count * (long)Ways / PageSize, 1, MostPages);
        _pages = new ApiKeyEntry?[BitOperations.RoundUpToPowerOf2(pages)][];
    }

    public ApiKeyEntry? Find(UInt128 hash)
    {
        if (Volatile.Read(ref _pages[PageOf(hash)]) is not { } page)
        {
            return null;
        }

        // The place that is the hash's own first: mostly it is that one.
        var place = PlaceOf(hash);
        for (var way = 0; way < Ways; way++)
        {
            if (Volatile.Read(ref page[place ^ way]) is { } known && known.KeyedHash == hash)
            {
                return known;
            }
        }

        return null;
    }

    public void Add(UInt128 hash, ApiKeyEntry entry)
    {
        // Before it can be found.
        entry.KeyedHash = hash;
        ref var pages = ref _pages[PageOf(hash)];
        var page =
            Volatile.Read(ref pages)
            ?? Interlocked.CompareExchange(ref pages, new ApiKeyEntry?[PageSize], null)
            ?? pages;
        var place = PlaceOf(hash);
        var free = place;
        for (var way = 0; way < Ways; way++)
        {
            if (page[place ^ way] is null)
            {
                free = place ^ way;
                break;
            }
        }

        Volatile.Write(ref page[free], entry);
    }

    private int PageOf(UInt128 hash) => (int)((ulong)(hash >> 64) & (ulong)(_pages.Length - 1));

    private static int PlaceOf(UInt128 hash) => (int)((ulong)hash & (PageSize - 1));
}
