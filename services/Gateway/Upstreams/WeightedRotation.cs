namespace ApiSvc.Gateway.Upstreams;

/// <summary>
/// The order of smooth weighted round robin, laid out beforehand: of weights 5, 1, 1 the turns are a a b a c a a and
/// not five of the first at once.
/// </summary>
internal static class WeightedRotation
{
    /// <summary>Turns of the longest rotation; shares are rounded where they would need more.</summary>
    public const int MaxTurns = 4_096;

    public static T[] Create<T>(IReadOnlyList<(T Item, int Weight)> items)
    {
        var weights = Reduce([.. items.Select(i => Math.Max(1, i.Weight))]);
        var credit = new int[weights.Length];
        var total = weights.Sum();
        var turns = new T[total];
        for (var turn = 0; turn < total; turn++)
        {
            var best = 0;
            for (var i = 0; i < weights.Length; i++)
            {
                credit[i] += weights[i];
                if (credit[i] > credit[best])
                {
                    best = i;
                }
            }

            credit[best] -= total;
            turns[turn] = items[best].Item;
        }

        return turns;
    }

    private static int[] Reduce(int[] weights)
    {
        var divisor = weights.Aggregate(0, Divisor);
        int[] reduced = [.. weights.Select(w => w / Math.Max(1, divisor))];
        var total = reduced.Sum(w => (long)w);
        return total <= MaxTurns
            ? reduced
            : [.. reduced.Select(w => (int)Math.Max(1, (long)w * MaxTurns / total))];
    }

    private static int Divisor(int left, int right) =>
        right == 0 ? left : Divisor(right, left % right);
}
