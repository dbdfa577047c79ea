using System.Globalization;
using ApiSvc.AiAdapter.Costs;
using ApiSvc.AiAdapter.Hub;
using ApiSvc.AiAdapter.Money;

namespace ApiSvc.AiAdapter.Serving;

/// <content>What a call may cost, and did.</content>
internal abstract partial class ServedCall
{
    // Where a client sets no limit: more is rare, and settled afterwards.
    private const long UsualOutput = 4096;

    // No model answers with more, whatever a client allows it.
    private const long MostOutput = 1_000_000;

    private Failure Refusal(BudgetRefusal refusal) =>
        new(
            FailureKind.RateLimited,
            string.Create(
                CultureInfo.InvariantCulture,
                $"The budget '{refusal.Budget}' ({refusal.Scope}) is used up. It begins anew at {refusal.ResetsAt:yyyy-MM-dd'T'HH:mm:ss'Z'}."
            ),
            Code: "budget_exceeded",
            RetryAfter: refusal.ResetsAt - Services.Time.GetUtcNow()
        );

    // Null: nothing was used, or the price is not known.
    private Cost? CostOf(in Hub.Usage usage)
    {
        if (usage.Total == 0 || PriceOf(Facts.Deployment?.Name) is not { } price)
        {
            return null;
        }

        try
        {
            return Cost.Of(usage, price);
        }
        catch (OverflowException)
        {
            // A provider's counts that cannot be: shown without a cost.
            Log.Impossible(Services.Logger, Facts.Deployment!.Name, usage.Total);
            return null;
        }
    }

    private SpendEstimate Estimate()
    {
        var output = Math.Min(MaxOutput ?? UsualOutput, MostOutput);
        var usage = new Hub.Usage { Input = PromptTokens, Output = output };
        Cost? dearest = null;
        foreach (var target in _served!.Router.Model.Targets)
        {
            if (
                PriceOf(target.Deployment.Name) is { } price
                && Cost.Of(usage, price) is var cost
                && (dearest is null || cost.PicoUnits > dearest.PicoUnits)
            )
            {
                dearest = cost;
            }
        }

        return new(Facts.Model, usage.Total, dearest?.PicoUnits, dearest?.Currency);
    }

    private Price? PriceOf(string? deployment) =>
        deployment is not null
        && _served is not null
        && _served.Prices.TryGetValue(deployment, out var prices)
            ? prices.At(Facts.Start)
            : null;

    // Not cancelled with the call.
    private async Task SettleAsync(IReservation reservation)
    {
        await using (reservation)
        {
            if (Facts.Usage.Total > 0)
            {
                await reservation.SettleAsync(
                    Facts.Usage.Total,
                    Facts.Cost?.PicoUnits,
                    Facts.Cost?.Currency
                );
            }
        }
    }
}
