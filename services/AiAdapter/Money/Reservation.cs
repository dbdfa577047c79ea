using ApiSvc.AiAdapter.Serving;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What a call has taken out of its budgets, until it is settled or given back.</summary>
/// <param name="holds">All windows that it counts in.</param>
/// <param name="hard">Those of them that refuse calls.</param>
internal sealed class Reservation(
    Budgets budgets,
    Guid id,
    AiCaller caller,
    string model,
    IReadOnlyList<Hold> holds,
    List<Hold> hard
) : IReservation
{
    private int _ended;

    public Guid Id => id;

    /// <summary>Its name at the counters.</summary>
    public string Lease { get; } = $"c:{id:n}";

    public AiCaller Caller => caller;

    public string Model => model;

    public IReadOnlyList<Hold> Holds => holds;

    public List<Hold> Hard => hard;

    /// <summary>Of each hard window, as it was when it was taken.</summary>
    public IReadOnlyList<string> Epochs { get; set; } = [];

    /// <summary>Whether it was taken out of this process's share.</summary>
    public bool IsLocal { get; set; }

    /// <summary>For the counters.</summary>
    public IReadOnlyList<(Hold Hold, string Epoch, long Spent)> Settled(Func<Hold, long> spent) =>
        [.. hard.Select((hold, i) => (hold, Epochs.ElementAtOrDefault(i) ?? "", spent(hold)))];

    public async ValueTask SettleAsync(long tokens, long? picoUnits, string? currency)
    {
        if (Interlocked.Exchange(ref _ended, 1) != 0)
        {
            throw new InvalidOperationException("It is settled or given back already.");
        }

        await budgets.SettleAsync(this, tokens, picoUnits, currency);
    }

    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _ended, 1) == 0)
        {
            await budgets.GiveBackAsync(this);
        }
    }
}
