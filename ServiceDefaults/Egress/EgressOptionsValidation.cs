using System.Net;
using Microsoft.Extensions.Options;

namespace ApiSvc.ServiceDefaults.Egress;

internal sealed class EgressOptionsValidation : IValidateOptions<EgressOptions>
{
    public ValidateOptionsResult Validate(string? name, EgressOptions options)
    {
        var failures = new List<string>();
        for (var i = 0; i < options.AllowedNetworks.Count; i++)
        {
            if (!IPNetwork.TryParse(options.AllowedNetworks[i], out _))
            {
                failures.Add(
                    $"{EgressOptions.Section}:{nameof(options.AllowedNetworks)}:{i} is '{options.AllowedNetworks[i]}': "
                        + "write a network as address/length, such as 10.20.0.0/16."
                );
            }
        }

        if (
            options.ConnectTimeout < TimeSpan.FromMilliseconds(100)
            || options.ConnectTimeout > TimeSpan.FromMinutes(5)
        )
        {
            failures.Add(
                $"{EgressOptions.Section}:{nameof(options.ConnectTimeout)} is {options.ConnectTimeout}: 00:00:00.1 to 00:05:00."
            );
        }

        return failures.Count == 0
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail(failures);
    }
}
