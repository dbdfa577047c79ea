using ApiSvc.Identity.Pages;

namespace ApiSvc.Identity.Links;

internal static class LinkPages
{
    /// <summary>For a link that leads nowhere. Why, it does not say: the one who asks may be anybody.</summary>
    public static Page Bad =>
        new(
            "This link is good no longer",
            Html.Of(
                $"<p class=\"error\" role=\"alert\">It was used, is too old, or a newer one was sent. Ask for another.</p><p class=\"links\"><a href=\"/sign-in\">Go to the sign-in page</a></p>"
            )
        )
        {
            Status = StatusCodes.Status400BadRequest,
        };
}
