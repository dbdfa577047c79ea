using System.Globalization;
using Dapper;
using Npgsql;

namespace ApiSvc.Analytics.Ingest;

/// <summary>
/// Tells all instances which calls a transaction added, as <c>first|last|lane:from-to,…</c>: microseconds of the first and
/// last start, and numbers by lane. That is enough to find them by the index on their start.
/// </summary>
internal sealed record CallNotice(long FirstUs, long LastUs, IReadOnlyList<LaneRange> Lanes)
{
    public const string Channel = "analytics_calls";

    // Postgres takes payloads of less than 8,000 bytes.
    private const int Longest = 7900;

    public static CallNotice Of(IReadOnlyList<AcceptedCall> calls) =>
        new(
            calls.Min(c => c.Call.StartUs),
            calls.Max(c => c.Call.StartUs),
            [
                .. calls
                    .GroupBy(c => c.Lane)
                    .Select(g => new LaneRange(
                        g.Key,
                        g.Min(c => c.Call.Sequence),
                        g.Max(c => c.Call.Sequence)
                    )),
            ]
        );

    public static Task SendAsync(NpgsqlConnection db, CallNotice notice) =>
        db.ExecuteAsync(
            "select pg_notify(@Channel, @payload)",
            new { Channel, payload = notice.Write() }
        );

    /// <summary>Lanes that do not fit are left out: a live view that follows so many shows a part anyway.</summary>
    public string Write()
    {
        var text = new System.Text.StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"{FirstUs}|{LastUs}|");
        foreach (var lane in Lanes)
        {
            var part = string.Create(
                CultureInfo.InvariantCulture,
                $"{lane.Lane}:{lane.From}-{lane.To},"
            );
            if (text.Length + part.Length > Longest)
            {
                break;
            }

            text.Append(part);
        }

        return text.ToString();
    }

    /// <exception cref="FormatException">It is none.</exception>
    public static CallNotice Read(string payload)
    {
        var parts = payload.Split('|');
        return parts.Length == 3
            ? new(
                long.Parse(parts[0], CultureInfo.InvariantCulture),
                long.Parse(parts[1], CultureInfo.InvariantCulture),
                [
                    .. parts[2]
                        .Split(',', StringSplitOptions.RemoveEmptyEntries)
                        .Select(LaneRange.Read),
                ]
            )
            : throw new FormatException("This is no notice of calls.");
    }
}

/// <summary>Numbers of a lane, both included.</summary>
internal sealed record LaneRange(int Lane, long From, long To)
{
    public static LaneRange Read(string text)
    {
        var parts = text.Split(':', '-');
        return parts.Length == 3
            ? new(
                int.Parse(parts[0], CultureInfo.InvariantCulture),
                long.Parse(parts[1], CultureInfo.InvariantCulture),
                long.Parse(parts[2], CultureInfo.InvariantCulture)
            )
            : throw new FormatException("This is no notice of calls.");
    }
}
