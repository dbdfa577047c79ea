namespace ApiSvc.Gateway.Policies;

/// <summary>A resource cannot be applied: it is set aside, and its neighbours are not touched.</summary>
/// <param name="pointer">JSON pointer into the resource.</param>
/// <param name="reason">Why, for people.</param>
internal sealed class RefusedResourceException(string pointer, string reason) : Exception(reason)
{
    public string Pointer { get; } = pointer;

    /// <summary>The same, seen from further out.</summary>
    public RefusedResourceException Below(string prefix) => new(prefix + Pointer, Message);
}
