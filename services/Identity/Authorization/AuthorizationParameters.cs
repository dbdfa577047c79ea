using ApiSvc.Identity.Pages;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace ApiSvc.Identity.Authorization;

/// <summary>The parameters of a request at the authorization endpoint, from the query or the form.</summary>
internal sealed class AuthorizationParameters(IReadOnlyDictionary<string, StringValues> values)
{
    /// <summary>A parameter of this service's own: when the user was sent to sign in, in seconds since 1970.</summary>
    /// <remarks>
    /// Whoever changes it could as well take prompt or max_age away: a client that needs to know looks at auth_time.
    /// </remarks>
    public const string SentToSignInAt = "sent_to_sign_in_at";

    /// <summary>Null if it is not there, empty, or there several times.</summary>
    public string? this[string name] =>
        values.TryGetValue(name, out var value) && value is [{ Length: > 0 } one] ? one : null;

    /// <summary>RFC 6749 section 3.1: none may be there twice.</summary>
    public string? FindRepeated() => values.FirstOrDefault(v => v.Value.Count > 1).Key;

    public static AuthorizationParameters OfQuery(string query) =>
        new(QueryHelpers.ParseQuery(query));

    /// <summary>Those of the form, or, of a request without one, of the query.</summary>
    /// <returns>Null if the form cannot be read.</returns>
    public static async Task<AuthorizationParameters?> ReadAsync(
        HttpRequest request,
        CancellationToken cancellationToken
    )
    {
        IEnumerable<KeyValuePair<string, StringValues>>? values = HttpMethods.IsPost(request.Method)
            ? await BrowserForm.ReadAsync(request, cancellationToken)
            : request.Query;
        return values is null ? null : new(values.ToDictionary(StringComparer.Ordinal));
    }

    public string ToQuery() => ToQuery(values);

    /// <summary>The request as it comes back from signing in: not to be asked for that again.</summary>
    public string ToQueryAfterSignIn(DateTimeOffset now)
    {
        var after = values.ToDictionary(StringComparer.Ordinal);
        after[SentToSignInAt] = now.ToUnixTimeSeconds()
            .ToString(System.Globalization.CultureInfo.InvariantCulture);
        return ToQuery(after);
    }

    private static string ToQuery(IEnumerable<KeyValuePair<string, StringValues>> values) =>
        QueryString.Create(values).ToString().TrimStart('?');
}
