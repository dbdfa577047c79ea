using ApiSvc.Identity.Pages;

namespace ApiSvc.Identity.Links;

internal static class LinkPages
{
    /// <summary>For a link that leads nowhere. Why, it does not say: the one who asks may be anybody.</summary>
    public static Page Bad =>
        Page.Failure(
            "This link is good no longer: it was used, is too old, or a newer one was sent. Ask for another."
        );
}
