using System.Globalization;

namespace ApiSvc.ServiceDefaults.Preconditions;

/// <summary>
/// The validator of an object's representation (RFC 9110 section 8.8.3): strong, made from the object's version,
/// a number that grows with every change.
/// </summary>
public readonly record struct EntityTag
{
    private readonly string? _text;

    private EntityTag(string text) => _text = text;

    /// <summary>The tag of a version.</summary>
    public static EntityTag From(long version) =>
        new(string.Create(CultureInfo.InvariantCulture, $"\"{version}\""));

    /// <summary>The tag as it is in a header, quotes included.</summary>
    public override string ToString() => _text ?? "";
}
