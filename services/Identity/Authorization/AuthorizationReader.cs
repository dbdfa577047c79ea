using System.Globalization;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Rules;

namespace ApiSvc.Identity.Authorization;

/// <summary>Judges requests for a code before any user is asked.</summary>
internal sealed class AuthorizationReader(ClientDirectory clients)
{
    public static IReadOnlyList<string> Prompts { get; } =
    ["none", "login", "consent", "select_account"];

    private const int LongestText = 2000;

    // Parameters that would change what is asked for: not to understand them must not go unnoticed.
    private static readonly Dictionary<string, string> Unsupported = new(StringComparer.Ordinal)
    {
        ["request"] = "request_not_supported",
        ["request_uri"] = "request_uri_not_supported",
        ["registration"] = "registration_not_supported",
    };

    public async Task<(AuthorizationRequest? Request, AuthorizationFailure? Failure)> ReadAsync(
        AuthorizationParameters parameters,
        CancellationToken cancellationToken
    )
    {
        // Until client and address are known to belong together, nobody is sent anywhere (RFC 9700 section 4.11.2).
        if (
            parameters["client_id"] is not { } id
            || await clients.FindAsync(id, cancellationToken) is not { Client: var client }
        )
        {
            return Fail("The application that sent you here is not known.");
        }

        if (!client.Uses(GrantTypes.AuthorizationCode))
        {
            return Fail($"{client.Name} is not registered for signing in at a browser.");
        }

        if (
            parameters["redirect_uri"] is not { } redirectUri
            || !RedirectUri.IsAmong(redirectUri, client.RedirectUris)
        )
        {
            return Fail(
                $"The address to return to is none of those that {client.Name} has registered."
            );
        }

        var (request, code, description) = Judge(parameters, client, redirectUri);
        return request is not null
            ? (request, null)
            : (null, new(code!, description!, redirectUri, parameters["state"]));
    }

    private static (AuthorizationRequest?, string? Code, string? Description) Judge(
        AuthorizationParameters parameters,
        IssuerClient client,
        string redirectUri
    )
    {
        if (parameters.FindRepeated() is { } twice)
        {
            return (null, "invalid_request", $"'{twice}' is there more than once.");
        }

        if (Unsupported.FirstOrDefault(u => parameters[u.Key] is not null) is { Value: { } error })
        {
            return (null, error, "Give the parameters themselves.");
        }

        if (FindFault(parameters) is { } fault)
        {
            return (null, fault.Code, fault.Description);
        }

        var scopes = client.FindScopes(parameters["scope"]);
        if (scopes is null)
        {
            return (null, "invalid_scope", client.ScopesInWords);
        }

        return (
            new(client, redirectUri, parameters["code_challenge"]!, scopes)
            {
                State = parameters["state"],
                Nonce = parameters["nonce"],
                Prompts = parameters["prompt"]?.Split(' ') ?? [],
                MaxAge = Seconds(parameters["max_age"]) is { } age
                    ? TimeSpan.FromSeconds(age)
                    : null,
                SentToSignInAt = Seconds(parameters[AuthorizationParameters.SentToSignInAt])
                    is { } sent
                    ? DateTimeOffset.FromUnixTimeSeconds(sent)
                    : null,
                IdTokenHint = parameters["id_token_hint"],
                Query = parameters.ToQuery(),
            },
            null,
            null
        );
    }

    private static (string Code, string Description)? FindFault(AuthorizationParameters parameters)
    {
        switch (parameters["response_type"])
        {
            case null:
                return ("invalid_request", "'response_type' is missing.");
            case not "code":
                return ("unsupported_response_type", "Only 'code' is supported.");
        }

        if (parameters["response_mode"] is not (null or "query"))
        {
            return ("invalid_request", "Only the response mode 'query' is supported.");
        }

        // RFC 7636 section 4.3: without a method it would be plain.
        if (
            parameters["code_challenge"] is not { } challenge
            || parameters["code_challenge_method"] != CodeChallenge.Method
        )
        {
            return ("invalid_request", "Give a 'code_challenge' by the method S256 (RFC 7636).");
        }

        if (!CodeChallenge.IsChallenge(challenge))
        {
            return ("invalid_request", "'code_challenge' is no SHA-256 in base64url.");
        }

        if (parameters["nonce"]?.Length > LongestText || parameters["state"]?.Length > LongestText)
        {
            return ("invalid_request", $"'nonce' and 'state' may have {LongestText} characters.");
        }

        if (parameters["max_age"] is { } age && Seconds(age) is null)
        {
            return ("invalid_request", "'max_age' is no number of seconds.");
        }

        var prompts = parameters["prompt"]?.Split(' ') ?? [];
        return prompts.Except(Prompts).Any() || (prompts.Contains("none") && prompts.Length > 1)
            ? (
                "invalid_request",
                $"'prompt' is of: {string.Join(", ", Prompts)}; none stands alone."
            )
            : null;
    }

    // Up to nine digits for an age; times have ten.
    private static long? Seconds(string? text) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && seconds <= uint.MaxValue
            ? seconds
            : null;

    private static (AuthorizationRequest?, AuthorizationFailure?) Fail(string description) =>
        (null, new("invalid_request", description));
}
