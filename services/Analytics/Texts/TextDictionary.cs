using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Texts;

/// <summary>
/// Texts that repeat from call to call, as numbers. What clients send is among them, so the dictionary forgets: in memory
/// past a size, in the database what was not used for longer than calls are kept. Used by one thread at a time for
/// <see cref="Find"/>, and by one for <see cref="StoreAsync"/>.
/// </summary>
internal sealed class TextDictionary(TimeProvider time)
{
    /// <summary>Longer ones are cut: an index entry holds some 2,700 bytes.</summary>
    public const int LongestText = 512;

    private const int MostInMemory = 200_000;

    /// <summary>On which use is noted.</summary>
    public DateOnly Today => DateOnly.FromDateTime(time.GetUtcNow().UtcDateTime);

    private readonly Dictionary<byte[], TextEntry> _entries = new(new Utf8Comparer());

    /// <summary>The entry of a text, which may not be stored yet; null for the empty one.</summary>
    public TextEntry? Find(ReadOnlySpan<byte> utf8)
    {
        if (utf8.IsEmpty)
        {
            return null;
        }

        var lookup = _entries.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(utf8, out var entry))
        {
            return entry;
        }

        if (_entries.Count >= MostInMemory)
        {
            _entries.Clear();
        }

        var text = StoredText.Text(utf8);
        entry = new(text.Length <= LongestText ? text : Cut(text));
        lookup[utf8] = entry;
        return entry;
    }

    /// <summary>
    /// Gives every entry its number and notes that it is used. Not in the transaction of the calls: two that store the
    /// same texts would wait for each other, and a text without calls does no harm.
    /// </summary>
    public static async Task StoreAsync(
        NpgsqlConnection db,
        IReadOnlyCollection<TextEntry> entries,
        DateOnly today,
        CancellationToken cancellationToken
    )
    {
        var open = entries.ToLookup(e => e.Value);
        if (open.Count == 0)
        {
            return;
        }

        var stored = await db.QueryAsync<(int Id, string Value)>(
            new CommandDefinition(
                """
                insert into text_value (value, used_on)
                select value, @today from unnest(@values) as value order by value
                on conflict (value) do update set used_on = greatest(text_value.used_on, excluded.used_on)
                returning id, value
                """,
                new
                {
                    today = today.ToDateTime(TimeOnly.MinValue),
                    values = open.Select(g => g.Key).ToArray(),
                },
                cancellationToken: cancellationToken
            )
        );
        foreach (var (id, value) in stored)
        {
            foreach (var entry in open[value])
            {
                entry.Id = id;
                entry.UsedOn = today;
            }
        }
    }

    // Not between the halves of a pair: half of one is no text.
    private static string Cut(string text) =>
        text[..(char.IsHighSurrogate(text[LongestText - 1]) ? LongestText - 1 : LongestText)];
}
