namespace ApiSvc.Analytics.Rollups;

/// <summary>The cells of a minute that are in memory, by their series.</summary>
internal sealed class MinuteCells
{
    public Dictionary<int, Measures> Cells { get; } = [];

    /// <summary>Whether all that this slot has of the minute is here: what is not here is new then.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The number of the last batch that used it.</summary>
    public long UsedBy { get; set; }
}
