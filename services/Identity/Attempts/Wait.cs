using System.Globalization;

namespace ApiSvc.Identity.Attempts;

/// <summary>Something was tried too often.</summary>
/// <param name="Until">From when on it may be tried again.</param>
/// <param name="Kind">What was tried.</param>
/// <param name="IsNew">Whether nobody was told since the last attempt: it is recorded once, however often somebody knocks.</param>
internal sealed record Wait(DateTimeOffset Until, string Kind, bool IsNew)
{
    /// <summary>Tells people, and programs by <c>Retry-After</c>.</summary>
    public string Tell(HttpContext http, DateTimeOffset now)
    {
        var seconds = Math.Max(1, (int)Math.Ceiling((Until - now).TotalSeconds));
        http.Response.Headers.RetryAfter = seconds.ToString(CultureInfo.InvariantCulture);
        var pause = seconds switch
        {
            1 => "a second",
            < 120 => $"{seconds} seconds",
            _ => $"{(seconds + 59) / 60} minutes",
        };
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Too many attempts. Try again in {pause}, at {Until.AddMilliseconds(999):HH:mm:ss} UTC."
        );
    }
}
