namespace ApiSvc.ServiceDefaults.Preconditions;

/// <summary>Makes results with an <c>ETag</c>.</summary>
public static class TaggedResults
{
    /// <summary>200, or 304 where the client has this version already.</summary>
    /// <param name="value">The object.</param>
    /// <param name="version">Its version, which grows with every change.</param>
    public static Tagged<T> Ok<T>(T value, long version) =>
        new(value, EntityTag.From(version), location: null);

    /// <summary>201 with <c>Location</c>.</summary>
    /// <param name="location">The path of the object.</param>
    /// <param name="value">The object.</param>
    /// <param name="version">Its version.</param>
    public static Tagged<T> Created<T>(string location, T value, long version) =>
        new(value, EntityTag.From(version), location);
}
