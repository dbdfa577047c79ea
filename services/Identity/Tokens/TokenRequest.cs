using System.Net;
using System.Text;
using ApiSvc.Identity.ClientAuthentication;
using Microsoft.AspNetCore.Http.Features;

namespace ApiSvc.Identity.Tokens;

/// <summary>
/// What a client sends in a form to the endpoints that it proves itself at (RFC 6749 section 3.2, RFC 7009 section 2.1,
/// RFC 7662 section 2.1, RFC 8628 section 3.1), read but not judged.
/// </summary>
internal sealed class TokenRequest
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

    private readonly IFormCollection _form;

    private TokenRequest(ClientProof proof, IFormCollection form, IPAddress? address)
    {
        Proof = proof;
        Address = address;
        _form = form;
        Audiences =
        [
            .. Repeatable
                .SelectMany(name => form[name])
                .OfType<string>()
                .Where(a => a.Length > 0)
                .Distinct(StringComparer.Ordinal),
        ];
    }

    /// <summary>Who asks, and what it proves itself with.</summary>
    public ClientProof Proof { get; }

    /// <summary>Where it asks from.</summary>
    public IPAddress? Address { get; }

    /// <summary>For whom the token shall be; empty when it does not say.</summary>
    public IReadOnlyList<string> Audiences { get; }

    /// <summary>Which way it asks; null if it does not say.</summary>
    public string? GrantType => this["grant_type"];

    /// <summary>The scopes it asks for, if any.</summary>
    public string? Scope => this["scope"];

    /// <summary>The token to be revoked or looked at.</summary>
    public string? Token => this["token"];

    /// <summary>A field; null if it is not there. Section 3.2: one without a value is as one that is not there.</summary>
    public string? this[string name] => Text(_form, name);

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
        var ways = new[]
        {
            isBasic,
            form.ContainsKey("client_secret"),
            form.ContainsKey("client_assertion"),
        };
        if (ways.Count(w => w) > 1)
        {
            // Section 2.3: one way only.
            return Refuse("There are credentials of more than one kind.");
        }

        var proof = isBasic ? ReadBasic(http.Headers.Authorization) : ReadForm(form);
        if (proof is null)
        {
            return (null, TokenError.InvalidClient);
        }

        return Text(form, "client_id") is { } said && said != proof.ClientId
            ? Refuse("'client_id' is another client than the one that proves itself.")
            : (new(proof, form, http.HttpContext.Connection.RemoteIpAddress), null);
    }

    private static ClientProof? ReadForm(IFormCollection form)
    {
        if (Text(form, "client_assertion") is not { } assertion)
        {
            return Text(form, "client_id") is { } id
                ? new(id) { Secret = Text(form, "client_secret") }
                : null;
        }

        // RFC 7521 section 4.2: the id may be left out.
        return
            Text(form, "client_assertion_type") == ClientAssertions.Type
            && ClientAssertions.SubjectOf(assertion) is { } subject
            ? new(subject) { Assertion = assertion }
            : null;
    }

    // Section 2.3.1: each part is form-encoded, then both are Basic (RFC 7617).
    private static ClientProof? ReadBasic(string? header)
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
            ? new(WebUtility.UrlDecode(id)) { Secret = WebUtility.UrlDecode(secret) }
            : null;
    }

    private static string? Text(IFormCollection form, string name) =>
        form[name] is [{ Length: > 0 } value] ? value : null;

    private static (TokenRequest?, TokenError?) Refuse(string description) =>
        (null, TokenError.InvalidRequest(description));
}
