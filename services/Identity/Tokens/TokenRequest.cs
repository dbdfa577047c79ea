using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// A request for a token (RFC 6749 section 4.4.2), or for the end of one (RFC 7009 section 2.1), read but not judged.
/// </summary>
/// <param name="ClientId">Who asks.</param>
/// <param name="ClientSecret">What it proves itself with.</param>
/// <param name="GrantType">Which way it asks; null if it does not say.</param>
/// <param name="Scope">The scopes it asks for, if any.</param>
/// <param name="Audiences">For whom the token shall be; empty when it does not say.</param>
/// <param name="Token">The token to be revoked.</param>
internal sealed record TokenRequest(
    string ClientId,
    string ClientSecret,
    string? GrantType,
    string? Scope,
    IReadOnlyList<string> Audiences,
    string? Token
)
{
    public const int BodyLimit = 16 * 1024;

    private const string Basic = "Basic ";
    private static readonly FormOptions Limits = new()
    {
        KeyLengthLimit = 128,
        ValueLengthLimit = 4096,
        ValueCountLimit = 64,
    };

    // Only these may be there several times (RFC 8707 section 2); "audience" is its older form.
    private static readonly string[] Repeatable = ["audience", "resource"];

    public static async Task<(TokenRequest? Request, TokenError? Error)> ReadAsync(
        HttpRequest http,
        CancellationToken cancellationToken
    )
    {
        if (!http.HasFormContentType)
        {
            return Refuse("The body must be application/x-www-form-urlencoded.");
        }

        try
        {
            return Read(http, await http.ReadFormAsync(Limits, cancellationToken));
        }
        catch (Exception e) when (e is InvalidDataException or BadHttpRequestException)
        {
            return Refuse("The form is malformed or too long.");
        }
    }

    private static (TokenRequest?, TokenError?) Read(HttpRequest http, IFormCollection form)
    {
        if (
            form.FirstOrDefault(p => p.Value.Count > 1 && !Repeatable.Contains(p.Key)).Key is
            { } twice
        )
        {
            return Refuse($"'{twice}' is there more than once.");
        }

        if (http.Query.ContainsKey("client_secret") || http.Query.ContainsKey("client_id"))
        {
            return Refuse("Credentials do not belong into the address.");
        }

        var isBasic = http.Headers.Authorization.Count > 0;
        if (isBasic && form.ContainsKey("client_secret"))
        {
            // Section 2.3: one way only.
            return Refuse("There are credentials in the header and in the form.");
        }

        var given = isBasic ? ReadBasic(http.Headers.Authorization) : ReadForm(form);
        if (given is not var (id, secret))
        {
            return (null, TokenError.InvalidClient);
        }

        if (Text(form, "client_id") is { } said && said != id)
        {
            return Refuse("'client_id' is another client than the header's.");
        }

        var audiences = Repeatable.SelectMany(name => form[name]).OfType<string>();
        return (
            new(
                id,
                secret,
                Text(form, "grant_type"),
                Text(form, "scope"),
                [.. audiences.Where(a => a.Length > 0).Distinct(StringComparer.Ordinal)],
                Text(form, "token")
            ),
            null
        );
    }

    private static (string Id, string Secret)? ReadForm(IFormCollection form) =>
        Text(form, "client_id") is { } id && Text(form, "client_secret") is { } secret
            ? (id, secret)
            : null;

    // Section 2.3.1: each part is form-encoded, then both are Basic (RFC 7617).
    private static (string Id, string Secret)? ReadBasic(string? header)
    {
        if (header?.StartsWith(Basic, StringComparison.OrdinalIgnoreCase) is not true)
        {
            return null;
        }

        var bytes = new byte[header.Length];
        if (!Convert.TryFromBase64String(header[Basic.Length..].Trim(), bytes, out var length))
        {
            return null;
        }

        var parts = Encoding.UTF8.GetString(bytes, 0, length).Split(':', 2);
        return parts is [{ Length: > 0 } id, var secret]
            ? (WebUtility.UrlDecode(id), WebUtility.UrlDecode(secret))
            : null;
    }

    // Section 3.2: a parameter without a value is as one that is not there.
    private static string? Text(IFormCollection form, string name) =>
        form[name] is [{ Length: > 0 } value] ? value : null;

    private static (TokenRequest?, TokenError?) Refuse(string description) =>
        (null, TokenError.InvalidRequest(description));
}
