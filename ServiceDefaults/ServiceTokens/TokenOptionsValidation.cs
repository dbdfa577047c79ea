using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.ServiceTokens;

/// <summary>What the annotations of the options cannot say: it depends on the environment.</summary>
internal sealed class TokenOptionsValidation(
    IConfiguration configuration,
    IHostEnvironment environment
) : IValidateOptions<TokenOptions>
{
    public ValidateOptionsResult Validate(string? name, TokenOptions options)
    {
        var failures = new List<string>();
        if (!Uri.TryCreate(options.Issuer, UriKind.Absolute, out var issuer))
        {
            failures.Add($"Tokens:Issuer is '{options.Issuer}': it must be an absolute address.");
        }
        else if (options.JwksUri is null)
        {
            CheckAddress(failures, nameof(options.Issuer), issuer);
        }

        CheckAddress(failures, nameof(options.JwksUri), options.JwksUri);
        CheckAddress(failures, nameof(options.TokenEndpoint), options.TokenEndpoint);
        return failures.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(failures);
    }

    // Keys and secrets that pass in the clear can be replaced or read on the way.
    private void CheckAddress(List<string> failures, string key, Uri? address)
    {
        if (address is null)
        {
            return;
        }

        if (!address.IsAbsoluteUri)
        {
            failures.Add($"Tokens:{key} is '{address}': it must be an absolute address.");
        }
        else if (
            address.Scheme.Contains("http", StringComparison.Ordinal)
            && address.Scheme != Uri.UriSchemeHttps
            && !environment.IsDevelopment()
            && !configuration.GetValue<bool>("AllowPlaintext")
        )
        {
            failures.Add(
                $"Tokens:{key} is '{address}': outside Development it must start with https://, unless AllowPlaintext=true."
            );
        }
    }
}
