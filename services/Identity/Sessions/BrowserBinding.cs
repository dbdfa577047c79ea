namespace ApiSvc.Identity.Sessions;

/// <summary>
/// What forms are bound to before anybody is signed in, so that no other site can sign a browser in as somebody else
/// (RFC 6749 section 10.12, login CSRF).
/// </summary>
internal static class BrowserBinding
{
    private static readonly HostCookie Cookie = new("browser");

    /// <summary>The browser's number; it gets one if it has none.</summary>
    public static Guid Ensure(HttpContext http)
    {
        if (Find(http) is { } known)
        {
            return known;
        }

        var id = Guid.NewGuid();
        Cookie.Set(http, id.ToString("N"));
        return id;
    }

    public static Guid? Find(HttpContext http) =>
        Guid.TryParseExact(Cookie.Find(http), "N", out var id) ? id : null;
}
