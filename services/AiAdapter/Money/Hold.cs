using System.Runtime.InteropServices;

namespace ApiSvc.AiAdapter.Money;

/// <summary>A budget's window that a call counts in, and what it takes of it, in the budget's grains.</summary>
internal sealed record Hold(BudgetRule Rule, DateTimeOffset Start, long Amount)
{
    public DateTimeOffset End => Rule.EndOf(Start);

    public WindowKey Key => new(Rule.Id, Start);

    /// <summary>Windows of minutes are limits of a rate: the ledger does not have them.</summary>
    public bool InLedger => Rule.Window != BudgetWindow.Minute;
}

[StructLayout(LayoutKind.Auto)]
internal readonly record struct WindowKey(Guid Budget, DateTimeOffset Start);
