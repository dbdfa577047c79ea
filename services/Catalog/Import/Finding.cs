namespace ApiSvc.Catalog.Import;

/// <summary>How much a finding matters.</summary>
internal enum FindingSeverity
{
    /// <summary>Part of the document cannot be used as written.</summary>
    Error,

    /// <summary>Understood in part, or against the specification; the message says what was made of it.</summary>
    Warning,

    /// <summary>Right, and kept in the document, but of no effect on what is served.</summary>
    Info,
}

/// <summary>Something that an import understood in part or not at all.</summary>
/// <param name="Severity">How much it matters.</param>
/// <param name="Code">A stable word for programs, such as <c>broken_reference</c>.</param>
/// <param name="Pointer">JSON pointer into the document (RFC 6901), also where it is YAML; empty for the whole.</param>
/// <param name="Line">Where it begins, from 1; 0 where not known.</param>
/// <param name="Message">What it is, and what would be right.</param>
internal sealed record Finding(
    FindingSeverity Severity,
    string Code,
    string Pointer,
    int Line,
    string Message
);
