using ApiSvc.AiAdapter.Serving;

namespace ApiSvc.AiAdapter.Money;

/// <summary>Caps tokens and money of keys, applications and teams.</summary>
internal interface IBudgets
{
    /// <summary>
    /// Takes what a call may come to out of every budget that it falls under, before the provider is asked. What is not settled is
    /// given back when its lease ends.
    /// </summary>
    ValueTask<BudgetAnswer> ReserveAsync(
        AiCaller caller,
        SpendEstimate estimate,
        CancellationToken cancellationToken
    );
}

/// <summary>The most that a call is expected to come to.</summary>
/// <param name="Model">The name that the client calls.</param>
/// <param name="PicoUnits">Of the currency; null: the price is not known.</param>
internal sealed record SpendEstimate(string Model, long Tokens, long? PicoUnits, string? Currency);

/// <summary>Either a reservation or a refusal.</summary>
internal readonly record struct BudgetAnswer(IReservation? Reservation, BudgetRefusal? Refusal);

/// <summary>What was taken. Disposed without being settled, it is given back.</summary>
internal interface IReservation : IAsyncDisposable
{
    /// <summary>
    /// Sets what the call came to in place of the estimate, and enters it in the ledger. Not cancelled with the call: hanging up is
    /// no way out.
    /// </summary>
    /// <exception cref="InvalidOperationException">It is settled or given back already.</exception>
    ValueTask SettleAsync(long tokens, long? picoUnits, string? currency);
}

/// <summary>A hard limit that was met: 429.</summary>
/// <param name="Budget">Its name, as its owner gave it.</param>
/// <param name="ResetsAt">When the window ends; where calls under way hold what is left, when it is worth another try.</param>
internal sealed record BudgetRefusal(string Budget, string Scope, DateTimeOffset ResetsAt);
