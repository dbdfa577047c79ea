using System.Text;

namespace ApiSvc.ServiceDefaults.Sealing;

/// <summary>Why a sealed value does not open.</summary>
public enum OpenFailure
{
    /// <summary>It opened.</summary>
    None,

    /// <summary>It is no sealed value, or of a version that this build does not know.</summary>
    Malformed,

    /// <summary>The ring lacks the key it was sealed under.</summary>
    UnknownKey,

    /// <summary>It was changed, moved from another row or column, or sealed under another key of that id.</summary>
    NotAuthentic,
}

/// <summary>The outcome of opening a sealed value.</summary>
/// <param name="Value">What was sealed; null if it did not open.</param>
/// <param name="Failure">Why not.</param>
/// <param name="Detail">The same in a sentence for operators; it never holds anything secret.</param>
public sealed record Opened(byte[]? Value, OpenFailure Failure, string Detail)
{
    /// <summary>What was sealed, as UTF-8; null if it did not open.</summary>
    public string? Text => Value is null ? null : Encoding.UTF8.GetString(Value);

    /// <summary>Without the value: a record's text ends up in logs.</summary>
    public override string ToString() => $"{Failure} {Detail}";
}
