using ApiSvc.AiAdapter.Translation;

namespace ApiSvc.AiAdapter.Providers;

/// <summary>Addresses and headers of calls to providers.</summary>
internal static class ProviderAddress
{
    /// <summary>A JSON call to a path below the provider's base address, with the deployment's key.</summary>
    public static ProviderRequest Make(
        Deployment deployment,
        string path,
        ReadOnlyMemory<byte> body,
        params ReadOnlySpan<KeyValuePair<string, string>> headers
    )
    {
        List<KeyValuePair<string, string>> all = [.. deployment.Provider.Headers, .. headers];
        if (Key(deployment) is { } key)
        {
            all.Add(key);
        }

        return new(new Uri(Base(deployment) + path), all, body);
    }

    /// <summary>The base address with its places filled, without a slash at its end.</summary>
    /// <exception cref="InvalidOperationException">The deployment does not say what belongs in a place.</exception>
    public static string Base(Deployment deployment)
    {
        var address = deployment.Provider.Address.TrimEnd('/');
        foreach (var (name, value) in deployment.Places)
        {
            address = address.Replace($"{{{name}}}", value, StringComparison.Ordinal);
        }

        return address.Contains('{', StringComparison.Ordinal)
            ? throw new InvalidOperationException(
                $"Deployment {deployment.Name} does not say all of {deployment.Provider.Address}."
            )
            : address;
    }

    private static KeyValuePair<string, string>? Key(Deployment deployment)
    {
        var authentication = deployment.Provider.Authentication;
        var secret = deployment.Credential.Secret;
        return authentication.Kind switch
        {
            AuthenticationKind.Bearer => new("Authorization", $"Bearer {secret}"),
            AuthenticationKind.Header => new(
                authentication.Header ?? "Authorization",
                authentication.Scheme.Length == 0 ? secret : $"{authentication.Scheme} {secret}"
            ),
            _ => null,
        };
    }
}
