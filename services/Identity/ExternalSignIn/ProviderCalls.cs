using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ApiSvc.ServiceDefaults.Egress;

namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>What a provider gives for a code.</summary>
internal sealed record ProviderTokens(string IdToken, string? AccessToken);

/// <summary>Calls to providers, all through the egress guard.</summary>
internal sealed class ProviderCalls(IHttpClientFactory clients)
{
    private static readonly string[] EmailClaims = ["email", "email_verified"];

    /// <summary>Sends a code for tokens (RFC 6749 section 4.1.3, RFC 7636 section 4.5).</summary>
    /// <exception cref="ProviderException">It gives none.</exception>
    public async Task<ProviderTokens> RedeemAsync(
        Provider provider,
        string code,
        string verifier,
        CancellationToken cancellationToken
    )
    {
        var form = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["grant_type"] = "authorization_code",
            ["code"] = code,
            ["redirect_uri"] = provider.RedirectUri,
            ["code_verifier"] = verifier,
        };
        using var request = new HttpRequestMessage(
            HttpMethod.Post,
            provider.Metadata.TokenEndpoint
        );
        Prove(provider, request, form);
        request.Content = new FormUrlEncodedContent(form);
        var answer = await SendAsync(request, cancellationToken);
        return
            answer.TryGetValue("id_token", out var idToken)
            && idToken.ValueKind == JsonValueKind.String
            ? new(
                idToken.GetString()!,
                answer.TryGetValue("access_token", out var access)
                && access.ValueKind == JsonValueKind.String
                    ? access.GetString()
                    : null
            )
            : throw new ProviderException("The provider gave no ID token.");
    }

    /// <summary>What the provider tells beside the ID token, whose claims go before (OpenID Connect Core 1.0 section 5.3).</summary>
    /// <exception cref="ProviderException">It tells of somebody else, or nothing.</exception>
    public async Task<ExternalUser> AskUserInfoAsync(
        Provider provider,
        ExternalUser user,
        string? accessToken,
        CancellationToken cancellationToken
    )
    {
        if (provider.Metadata.UserInfoEndpoint is null || accessToken is null)
        {
            return user;
        }

        using var request = new HttpRequestMessage(
            HttpMethod.Get,
            provider.Metadata.UserInfoEndpoint
        )
        {
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", accessToken) },
        };
        var told = await SendAsync(request, cancellationToken);
        // Section 5.3.2: else it may be somebody else's.
        if (!told.TryGetValue("sub", out var subject) || subject.GetString() != user.Subject)
        {
            throw new ProviderException("The provider's user info is of another user.");
        }

        var claims = new Dictionary<string, JsonElement>(told, StringComparer.Ordinal);
        if (EmailClaims.Any(user.Claims.ContainsKey))
        {
            // They belong together: one that is verified here says nothing of another one there.
            Array.ForEach(EmailClaims, c => claims.Remove(c));
        }

        foreach (var (name, value) in user.Claims)
        {
            claims[name] = value;
        }

        return user with
        {
            Claims = claims,
        };
    }

    private static void Prove(
        Provider provider,
        HttpRequestMessage request,
        Dictionary<string, string> form
    )
    {
        var (id, secret) = (provider.Options.ClientId, provider.Options.ClientSecret);
        // OpenID Connect Discovery 1.0 section 3: basic is what holds where nothing is said.
        var isBasic =
            secret is not null
            && provider.Metadata.TokenEndpointMethods?.Contains("client_secret_basic") != false;
        if (isBasic)
        {
            request.Headers.Authorization = new(
                "Basic",
                Convert.ToBase64String(Encoding.UTF8.GetBytes($"{Encode(id)}:{Encode(secret!)}"))
            );
            return;
        }

        form["client_id"] = id;
        if (secret is not null)
        {
            form["client_secret"] = secret;
        }
    }

    // RFC 6749 section 2.3.1: as in forms.
    private static string Encode(string text) =>
        Uri.EscapeDataString(text).Replace("%20", "+", StringComparison.Ordinal);

    private async Task<Dictionary<string, JsonElement>> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        request.Headers.Accept.Add(new("application/json"));
        try
        {
            using var http = clients.CreateClient(ProviderDirectory.Client);
            using var response = await http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            if (!response.IsSuccessStatusCode)
            {
                throw new ProviderException(
                    $"{request.RequestUri!.GetLeftPart(UriPartial.Path)} answered {(int)response.StatusCode}."
                );
            }

            return JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(text)
                ?? throw new ProviderException("The provider answered null.");
        }
        catch (Exception e)
            when (e is HttpRequestException or EgressBlockedException or JsonException
                || (e is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            throw new ProviderException($"The provider cannot be asked: {e.Message}", e);
        }
    }
}
