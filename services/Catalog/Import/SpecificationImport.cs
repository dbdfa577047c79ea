namespace ApiSvc.Catalog.Import;

/// <summary>Reads specification documents: OpenAPI 2.0, 3.0 and 3.1, in JSON and YAML. Pure; safe for any input.</summary>
internal static class SpecificationImport
{
    /// <summary>Reads a document. What is wrong with it is in the result, never thrown.</summary>
    public static ImportResult Read(
        ReadOnlyMemory<byte> document,
        ImportLimits limits,
        CancellationToken cancellationToken = default
    ) => throw new NotSupportedException();
}
