using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Serving;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// Reserves by Redis, and while it is away by this process's last share. A call is let in while anything is left of what is
/// neither spent nor reserved: a hard budget is overrun by the last call let in at most, and one that is smaller than a single
/// call's estimate still serves.
/// </summary>
internal sealed partial class Budgets(
    IAiConfigurationSource configuration,
    RedisCounters counters,
    LocalShares shares,
    BudgetSums sums,
    Ledger ledger,
    IOptions<BudgetOptions> options,
    UuidGenerator ids,
    TimeProvider time,
    ILogger<Budgets> logger
) : IBudgets
{
    // Calls under way hold the rest, and one of them may end; or Redis is away, and may be back.
    private static readonly TimeSpan Moment = TimeSpan.FromSeconds(1);

    public async ValueTask<BudgetAnswer> ReserveAsync(
        AiCaller caller,
        SpendEstimate estimate,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        List<Hold> holds =
        [
            .. RulesFor(caller)
                .Select(rule => new Hold(
                    rule,
                    rule.StartOf(now),
                    rule.AmountOf(estimate.Tokens, estimate.PicoUnits, estimate.Currency)
                )),
        ];
        var hard = holds.FindAll(hold => hold.Rule.Hard is not null);
        var reservation = new Reservation(this, ids.Next(), caller, estimate.Model, holds, hard);
        if (hard.Count > 0 && await TakeAsync(reservation) is { } refusal)
        {
            return new(null, refusal);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            await reservation.DisposeAsync();
            cancellationToken.ThrowIfCancellationRequested();
        }

        return new(reservation, null);
    }

    internal async Task GiveBackAsync(Reservation reservation)
    {
        if (reservation.Hard.Count == 0)
        {
            return;
        }

        if (reservation.IsLocal)
        {
            reservation.Hard.ForEach(hold => shares.Settle(hold, 0));
        }

        await counters.SettleAsync(reservation.Lease, reservation.Settled(_ => 0));
    }

    // The counters first: the ledger must never be ahead of them, or bringing them up to it would count twice.
    internal async Task SettleAsync(
        Reservation reservation,
        long tokens,
        long? pico,
        string? currency
    )
    {
        if (reservation.Hard.Count > 0)
        {
            long SpentOf(Hold hold) => hold.Rule.AmountOf(tokens, pico, currency);
            if (reservation.IsLocal)
            {
                reservation.Hard.ForEach(hold => shares.Settle(hold, SpentOf(hold)));
            }

            await counters.SettleAsync(reservation.Lease, reservation.Settled(SpentOf));
        }

        var entry = new LedgerEntry(
            reservation.Id,
            time.GetUtcNow(),
            reservation.Caller,
            reservation.Model,
            tokens,
            pico,
            currency,
            [
                .. reservation
                    .Holds.Where(hold => hold.InLedger)
                    .Select(hold => (hold.Key, hold.Rule.ExactOf(tokens, pico, currency))),
            ]
        );
        ledger.Add(entry);
        try
        {
            await entry.Written.WaitAsync(options.Value.LedgerPatience);
        }
        catch (TimeoutException)
        {
            Log.Late(logger, entry.Id);
        }
    }

    private IEnumerable<BudgetRule> RulesFor(AiCaller caller)
    {
        var teams = configuration.Current.Teams;
        IEnumerable<BudgetRule> rules = teams.TryGetValue(caller.ApiTeam, out var api)
            ? api.Budgets
            : [];
        if (
            caller.ApplicationTeam is { } own
            && own != caller.ApiTeam
            && teams.TryGetValue(own, out var consumer)
        )
        {
            rules = rules.Concat(consumer.Budgets);
        }

        return rules.Where(rule => rule.Covers(caller));
    }

    private async Task<BudgetRefusal?> TakeAsync(Reservation reservation)
    {
        var hard = reservation.Hard;
        // Each round fills one window at most.
        for (var round = 0; round <= hard.Count; round++)
        {
            switch (await counters.ReserveAsync(reservation.Lease, hard))
            {
                case CounterAnswer.Taken taken:
                    Note(reservation, taken);
                    return null;
                case CounterAnswer.Full full:
                    var met = hard[full.Window];
                    return Refuse(met, full.Spent >= met.Rule.Hard ? met.End : SoonIn(met));
                case CounterAnswer.Unseeded unseeded:
                    var hold = hard[unseeded.Window];
                    await counters.SeedAsync(hold, await sums.FindAsync(hold));
                    break;
                default:
                    return TakeLocally(reservation);
            }
        }

        return TakeLocally(reservation);
    }

    private void Note(Reservation reservation, CounterAnswer.Taken taken)
    {
        reservation.Epochs = [.. taken.Windows.Select(w => w.Epoch)];
        var until = time.GetUtcNow() + options.Value.ShareFor;
        foreach (var (hold, (epoch, share)) in reservation.Hard.Zip(taken.Windows))
        {
            shares.Grant(hold, epoch, share, until);
        }
    }

    private BudgetRefusal? TakeLocally(Reservation reservation)
    {
        if (shares.Take(reservation.Hard, out var epochs) is { } full)
        {
            return Refuse(full, full.InLedger ? SoonIn(full) : full.End);
        }

        reservation.IsLocal = true;
        reservation.Epochs = epochs;
        return null;
    }

    private DateTimeOffset SoonIn(Hold hold)
    {
        var soon = time.GetUtcNow() + Moment;
        return soon < hold.End ? soon : hold.End;
    }

    private static BudgetRefusal Refuse(Hold hold, DateTimeOffset resetsAt) =>
        new(hold.Rule.Name, hold.Rule.Scope.ToString(), resetsAt);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Entry {Entry} of the ledger is written later")]
        public static partial void Late(ILogger logger, Guid entry);
    }
}
