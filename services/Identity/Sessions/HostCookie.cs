namespace ApiSvc.Identity.Sessions;

/// <summary>
/// A cookie that goes to this host alone, over TLS alone (RFC 6265bis section 4.1.3.2), that no script reads and no other
/// site's form carries. Browsers take <c>http://localhost</c> for as good as TLS.
/// </summary>
/// <param name="name">What stands behind the prefix.</param>
internal sealed class HostCookie(string name)
{
    public string Name { get; } = $"__Host-{name}";

    public string? Find(HttpContext http) => http.Request.Cookies[Name];

    /// <param name="http">Whose browser.</param>
    /// <param name="value">What it keeps.</param>
    /// <param name="age">How long; null: until the browser is closed.</param>
    public void Set(HttpContext http, string value, TimeSpan? age = null) =>
        http.Response.Cookies.Append(Name, value, Options(age));

    public void Delete(HttpContext http) => http.Response.Cookies.Delete(Name, Options(age: null));

    private static CookieOptions Options(TimeSpan? age) =>
        new()
        {
            Secure = true,
            HttpOnly = true,
            // Not Strict: who comes from a client or a provider shall be known.
            SameSite = SameSiteMode.Lax,
            Path = "/",
            MaxAge = age,
        };
}
