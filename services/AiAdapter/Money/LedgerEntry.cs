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
    private readonly TaskCompletionSource _written = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );

    /// <summary>Completes when it is committed; fails if it never will be.</summary>
    public Task Written => _written.Task;

    public void Done() => _written.TrySetResult();

    public void Fail(Exception reason) => _written.TrySetException(reason);
}
