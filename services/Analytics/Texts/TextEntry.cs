namespace ApiSvc.Analytics.Texts;

/// <summary>A text of the dictionary.</summary>
/// <param name="Value">As it is stored.</param>
internal sealed class TextEntry(string value)
{
    public string Value { get; } = value;

    /// <summary>0 until it is stored.</summary>
    public int Id { get; set; }

    /// <summary>The last day on which its use was noted.</summary>
    public DateOnly UsedOn { get; set; }

    /// <summary>Whether it is stored, as used on that day.</summary>
    public bool IsNoted(DateOnly day) => Id != 0 && UsedOn == day;
}
