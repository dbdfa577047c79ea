using System.Text.Json;
using ApiSvc.Contracts.Identity.V1;
using ApiSvc.Identity.Keys;
using ApiSvc.Identity.Rules;
using ApiSvc.ServiceDefaults.GrpcCalls;
using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.Identity.OAuthClients;

/// <summary>OAuth clients of applications as messages, by the rules that REST has.</summary>
internal static class OAuthClientMessages
{
    /// <exception cref="ApiProblemException">400 with all violations.</exception>
    public static OAuthClientInput Read(CreateOAuthClientRequest request)
    {
        var (jwks, violations) = ReadKeys(request.Jwks);
        var input = new OAuthClientInput
        {
            Environment = request.Environment,
            Name = request.Name,
            Scopes = [.. request.Scopes],
            Authentication = Or(request.Authentication, ClientAuthenticationMethods.Secret),
            Jwks = jwks,
            JwksUri = request.JwksUri.Length == 0 ? null : request.JwksUri,
            GrantTypes =
                request.GrantTypes.Count == 0
                    ? [GrantTypes.ClientCredentials]
                    : [.. request.GrantTypes],
            RedirectUris = [.. request.RedirectUris],
            PostLogoutRedirectUris = [.. request.PostLogoutRedirectUris],
            AccessTokenSigningAlg = Or(request.AccessTokenSigningAlg, SigningAlgorithms.Default),
            IdTokenSignedResponseAlg = Or(
                request.IdTokenSignedResponseAlg,
                SigningAlgorithms.Default
            ),
        };
        // With keys that cannot be read, what is said of keys that are not there would be wrong.
        var all = violations.Concat(
            MessageRules.Find(input).Where(v => violations.Count == 0 || v.Location != "#/jwks")
        );
        return all.ToList() is { Count: > 0 } wrong
            ? throw new ApiProblemException(ApiProblem.Invalid(wrong))
            : input;
    }

    private static (KeySetInput? Keys, List<Violation> Violations) ReadKeys(string json)
    {
        if (json.Length == 0)
        {
            return (null, []);
        }

        try
        {
            var keys = KeySetInput.FromJson(json);
            List<Violation> violations = [.. MessageRules.Find(keys, "jwks")];
            for (var i = 0; i < keys.Keys.Count; i++)
            {
                violations.AddRange(MessageRules.Find(keys.Keys[i], $"jwks/keys/{i}"));
            }

            return (keys, violations);
        }
        catch (JsonException e)
        {
            return (
                null,
                [
                    new(
                        "#/jwks",
                        "invalid",
                        $"Must be a set of public keys (RFC 7517 section 5): {e.Message}"
                    ),
                ]
            );
        }
    }

    private static string Or(string given, string otherwise) =>
        given.Length == 0 ? otherwise : given;
}
