namespace ApiSvc.Gateway.Routing;

/// <summary>Why a request target is refused (docs/decisions/0006).</summary>
internal enum PathFault
{
    None,

    /// <summary>Does not start with a slash.</summary>
    NotAbsolute,

    /// <summary>Has a byte that no URI has: white space, controls, a backslash, a fragment, bytes above 127.</summary>
    InvalidByte,

    /// <summary>A percent sign without two hexadecimal digits, or encoded bytes that are not UTF-8.</summary>
    InvalidEncoding,

    /// <summary>An encoded slash or backslash: one server's data is the next one's separator.</summary>
    EncodedSeparator,

    /// <summary>An encoded control character.</summary>
    EncodedControl,

    /// <summary>An encoded percent sign that hides a dot, slash or backslash from whoever decodes once.</summary>
    DoubleEncoding,

    /// <summary>Climbs above the root.</summary>
    AboveRoot,

    /// <summary>
    /// Is another path to whoever drops parameters (<c>..;x</c>, <c>/;x/</c>) or keeps empty segments (<c>//</c> before <c>..</c>).
    /// </summary>
    AmbiguousSegment,

    /// <summary>Longer than the buffer for it.</summary>
    TooLong,
}
