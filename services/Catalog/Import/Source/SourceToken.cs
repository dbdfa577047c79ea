using System.Runtime.InteropServices;

namespace ApiSvc.Catalog.Import.Source;

internal enum SourceKind : byte
{
    Object,
    List,
    Name,
    Text,
    Number,
    True,
    False,
    Null,
}

/// <summary>
/// A value or a property name in a <see cref="SourceDocument"/>. Flat, so that a document of many millions of values
/// costs 20 bytes each instead of an object.
/// </summary>
[StructLayout(LayoutKind.Auto)]
internal struct SourceToken
{
    /// <summary>Where it begins in the JSON text; quotes are part of it.</summary>
    public int Offset;

    /// <summary>Bytes of it, with all that it holds.</summary>
    public int Length;

    /// <summary>The token after it and all that it holds; 0 while it is open.</summary>
    public int End;

    /// <summary>Line in the document as it came. Of a property's value it is the line of its name.</summary>
    public int Line;

    public SourceKind Kind;

    /// <summary>Whether the text has escapes.</summary>
    public bool Escaped;
}
