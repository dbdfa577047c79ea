using System.Diagnostics.CodeAnalysis;

namespace ApiSvc.Catalog.Import;

/// <summary>A document that was read, with its findings, or why nothing could be made of it.</summary>
internal sealed class ImportResult
{
    private ImportResult(ImportedDocument? document, Finding? problem)
    {
        Document = document;
        Problem = problem;
    }

    /// <summary>Whether there is a document; it may have findings that are errors.</summary>
    [MemberNotNullWhen(true, nameof(Document))]
    [MemberNotNullWhen(false, nameof(Problem))]
    public bool IsRead => Document is not null;

    /// <summary>What was read.</summary>
    public ImportedDocument? Document { get; }

    /// <summary>
    /// Why nothing was read. Codes: <c>too_large</c>, <c>empty</c>, <c>not_utf8</c>, <c>malformed</c>, <c>too_deep</c>,
    /// <c>too_complex</c>, <c>alias_expansion</c>, <c>not_openapi</c>, <c>unsupported_version</c>.
    /// </summary>
    public Finding? Problem { get; }

    public static ImportResult Of(ImportedDocument document) => new(document, null);

    public static ImportResult Refused(Finding problem) => new(null, problem);
}
