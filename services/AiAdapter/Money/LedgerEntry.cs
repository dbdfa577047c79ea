using ApiSvc.AiAdapter.Serving;

namespace ApiSvc.AiAdapter.Money;

/// <summary>What a call came to.</summary>
/// <param name="Uses">The budgets' windows that it counts in, each with the exact amount: tokens, or 10^-12 of the currency.</param>
internal sealed record LedgerEntry(
    Guid Id,
    DateTimeOffset Time,
    AiCaller Caller,
    string Model,
    long Tokens,
    long? Pico,
    string? Currency,
    IReadOnlyList<(WindowKey Window, long Exact)> Uses
)
{
    private readonly TaskCompletionSource<bool> _written = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes with true when it is committed, and with false if it never will be, which was logged.</summary>
    public Task<bool> Written => _written.Task;

    public void End(bool written) => _written.TrySetResult(written);
}
