namespace ApiSvc.Identity.Grants;

/// <summary>The forms of RFC 7636. Only S256 is taken: with <c>plain</c>, who sees the request has the verifier.</summary>
internal static class CodeChallenge
{
    public const string Method = "S256";

    // A SHA-256, base64url without padding (section 4.2).
    private const int Length = 43;

    public static bool IsChallenge(string text) =>
        text.Length == Length && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');

    /// <summary>Section 4.1.</summary>
    public static bool IsVerifier(string text) =>
        text.Length is >= 43 and <= 128
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~');
}
