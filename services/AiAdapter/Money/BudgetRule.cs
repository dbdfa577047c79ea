using System.Diagnostics.CodeAnalysis;
using ApiSvc.AiAdapter.Serving;

namespace ApiSvc.AiAdapter.Money;

/// <summary>
/// A budget as calls are counted by it. Amounts are in its grains: tokens, or 10^-9 of the currency, which the counters hold
/// exactly up to nine million of it.
/// </summary>
internal sealed record BudgetRule(
    Guid Id,
    Guid Team,
    string Name,
    BudgetScope Scope,
    string Target,
    BudgetUnit Unit,
    string? Currency,
    BudgetWindow Window,
    long? Hard
)
{
    private const long NanoPerMicro = 1000;
    private const long PicoPerNano = 1000;

    /// <returns>False for a row that this build cannot read.</returns>
    public static bool TryRead(BudgetRow row, [NotNullWhen(true)] out BudgetRule? rule)
    {
        rule = null;
        if (
            !Enum.TryParse<BudgetScope>(row.Scope, out var scope)
            || !Enum.TryParse<BudgetUnit>(row.Unit, out var unit)
            || !Enum.TryParse<BudgetWindow>(row.WindowKind, out var window)
        )
        {
            return false;
        }

        rule = new(
            row.Id,
            row.TeamId,
            row.Name,
            scope,
            row.Target,
            unit,
            row.Currency,
            window,
            unit == BudgetUnit.Money ? row.Hard * NanoPerMicro : row.Hard
        );
        return true;
    }

    /// <summary>Whether a call counts. A team caps what is asked of its own APIs, and what its own applications ask.</summary>
    public bool Covers(AiCaller caller) =>
        Scope == BudgetScope.Team
            ? caller.ApiTeam == Team
            : (caller.ApiTeam == Team || caller.ApplicationTeam == Team)
                && Scope switch
                {
                    BudgetScope.Api => Is(caller.Api),
                    BudgetScope.ConsumerTeam => Is(caller.ApplicationTeam),
                    BudgetScope.Application => Is(caller.Application),
                    _ => caller.Credential == Target,
                };

    /// <summary>What a call takes, rounded up to grains.</summary>
    public long AmountOf(long tokens, long? pico, string? currency) =>
        Unit == BudgetUnit.Tokens ? tokens
        : currency == Currency ? RoundedUp(pico ?? 0)
        : 0;

    /// <summary>What a call takes, exactly, as the ledger has it: tokens, or 10^-12 of the currency.</summary>
    public long ExactOf(long tokens, long? pico, string? currency) =>
        Unit == BudgetUnit.Tokens ? tokens
        : currency == Currency ? pico ?? 0
        : 0;

    /// <summary>A sum of the ledger in grains.</summary>
    public long GrainsOf(decimal exact) =>
        (long)(Unit == BudgetUnit.Tokens ? exact : decimal.Floor(exact / PicoPerNano));

    public DateTimeOffset StartOf(DateTimeOffset time) =>
        Window switch
        {
            BudgetWindow.Minute => new(
                time.UtcDateTime.Ticks - (time.UtcDateTime.Ticks % TimeSpan.TicksPerMinute),
                TimeSpan.Zero
            ),
            BudgetWindow.Day => new(time.UtcDateTime.Date, TimeSpan.Zero),
            _ => new(time.UtcDateTime.Year, time.UtcDateTime.Month, 1, 0, 0, 0, TimeSpan.Zero),
        };

    public DateTimeOffset EndOf(DateTimeOffset start) =>
        Window switch
        {
            BudgetWindow.Minute => start.AddMinutes(1),
            BudgetWindow.Day => start.AddDays(1),
            _ => start.AddMonths(1),
        };

    private static long RoundedUp(long pico) =>
        (pico / PicoPerNano) + (pico % PicoPerNano > 0 ? 1 : 0);

    private bool Is(Guid? id) =>
        id is { } known && Guid.TryParse(Target, out var own) && own == known;
}
