namespace ApiSvc.Catalog.Specifications;

/// <summary>Where the gateways are for those who call them, section <c>Offer</c>.</summary>
internal sealed class OfferOptions
{
    public const string Section = "Offer";

    /// <summary>
    /// Environment → address of its gateways, such as https://api.example.com. Without one, exported documents name the
    /// base path alone, which is relative to where the document is.
    /// </summary>
    public IDictionary<string, string> Addresses { get; } = new Dictionary<string, string>();
}
