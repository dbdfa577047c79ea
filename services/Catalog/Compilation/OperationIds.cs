namespace ApiSvc.Catalog.Compilation;

/// <summary>Ids of operations.</summary>
internal static class OperationIds
{
    /// <summary>
    /// The id of a method at a path of a version: always the same one, so that policies and plans that name it hold over
    /// another import. A UUID of version 8 (RFC 9562 section 5.8), from a hash.
    /// </summary>
    public static Guid Of(Guid versionId, string method, string pathTemplate) =>
        throw new NotSupportedException();
}
