namespace ApiSvc.Gateway.Exchanges;

/// <summary>
/// The header fields of a request or a response, as bytes. A lane keeps them as it read them; what is returned here is
/// valid until the exchange ends or the field is changed.
/// </summary>
internal abstract class HeaderFields
{
    /// <summary>How many lines of that name there are.</summary>
    public abstract int Count(HeaderName name);

    /// <summary>The value of a line; empty if there is none.</summary>
    public abstract ReadOnlySpan<byte> Get(HeaderName name, int line = 0);

    /// <summary>Replaces all lines of that name by one.</summary>
    public abstract void Set(HeaderName name, ReadOnlySpan<byte> value);

    /// <summary>Adds a line.</summary>
    public abstract void Add(HeaderName name, ReadOnlySpan<byte> value);

    /// <summary>Removes all lines of that name.</summary>
    public abstract void Remove(HeaderName name);

    public bool Has(HeaderName name) => Count(name) > 0;
}
