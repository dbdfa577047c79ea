using ApiSvc.ServiceDefaults.Egress;
using ApiSvc.ServiceDefaults.Problems;
using ApiSvc.ServiceDefaults.Sealing;

namespace ApiSvc.Analytics.Alerts.Channels;

/// <summary>Where channels lead: what may be called, and what of it is a secret.</summary>
internal sealed class ChannelAddresses(EgressGuard guard, ISealer sealer)
{
    /// <summary>The row as the input says.</summary>
    public ChannelRow Apply(ChannelRow row, ChannelInput input)
    {
        var changed = row with
        {
            Name = input.Name,
            Addresses = [.. input.Addresses],
            Disabled = !input.Enabled,
            DisabledReason = input.Enabled ? "" : row.DisabledReason,
        };
        // Who sends back what was shown does not mean to change it; of Slack that is not the whole address.
        if (string.IsNullOrEmpty(input.Url) || input.Url == row.Url)
        {
            return changed;
        }

        return row.Kind == ChannelType.Slack
            ? changed with
            {
                Url = new Uri(input.Url).GetLeftPart(UriPartial.Authority) + "/…",
                Secret = Seal(row.Id, input.Url),
            }
            : changed with
            {
                Url = input.Url,
            };
    }

    /// <returns>Why the address cannot be this; null when it can.</returns>
    public ApiProblem? FindFault(ChannelInput input, bool isNew, InputPlace place)
    {
        if (input.Kind == ChannelType.Email)
        {
            return null;
        }

        var at = place[nameof(ChannelInput.Url)];
        if (string.IsNullOrEmpty(input.Url))
        {
            return isNew || input.Kind == ChannelType.Webhook
                ? ApiProblem.Invalid(
                    new Violation(at, "required", "Give the address that is called.")
                )
                : null;
        }

        var url = new Uri(input.Url);
        return guard.Judge(url) is { } reason
            ? ApiProblem.Invalid(
                new Violation(
                    at,
                    "not_allowed",
                    new EgressBlockedException(url.Host, reason).Message
                )
            )
            : null;
    }

    public byte[] Seal(Guid id, string secret) =>
        sealer.SealText(ChannelRow.SecretColumn.At(id), secret);
}
