namespace ApiSvc.Analytics.Rollups;

/// <summary>The cells of a minute that are in memory, by their series.</summary>
internal sealed class MinuteCells
{
    public Dictionary<int, MinuteCell> Cells { get; } = [];

    /// <summary>Whether all that this slot has of the minute is here: what is not here is new then.</summary>
    public bool IsWhole { get; set; }

    /// <summary>The number of the last batch that used it.</summary>
    public long UsedBy { get; set; }
}

/// <summary>What is counted of a series in a minute.</summary>
internal sealed class MinuteCell
{
    public Measures Measures { get; } = new();

    /// <summary>The number of the last batch that added to it.</summary>
    public long ChangedBy { get; set; }
}
