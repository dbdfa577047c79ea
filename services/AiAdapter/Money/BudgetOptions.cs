using System.ComponentModel.DataAnnotations;

namespace ApiSvc.AiAdapter.Money;

/// <summary>How budgets are kept; section <c>Budgets</c>.</summary>
internal sealed class BudgetOptions
{
    public const string Section = "Budgets";

    /// <summary>A reservation that nobody settles or gives back, for its process is dead, ends by itself after this time.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "06:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Of what is left of a hard budget, so many percent are each process's share, by which it goes on while Redis is away.</summary>
    [Range(0, 50)]
    public int SharePercent { get; set; } = 10;

    /// <summary>How long a share holds without Redis.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")]
    public TimeSpan ShareFor { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>How long Redis may take to answer before it counts as away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:00:10")]
    public TimeSpan RedisPatience { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long Redis is left alone once it was away.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan RedisPause { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the end of a call waits for the ledger. An entry that takes longer is kept and written later.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan LedgerPatience { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>How long entries of the ledger are kept: at least until the windows that they count in are over.</summary>
    [Range(typeof(TimeSpan), "32.00:00:00", "3650.00:00:00")]
    public TimeSpan KeepLedger { get; set; } = TimeSpan.FromDays(800);

    /// <summary>How often counters are brought up to the ledger.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")]
    public TimeSpan Reconcile { get; set; } = TimeSpan.FromSeconds(5);
}
