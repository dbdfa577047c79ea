using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "allow": ["10.0.0.0/8"], "deny": ["10.1.2.3"] }</c></summary>
internal sealed class IpRulesForm : IPolicyForm
{
    public PolicyType Type => PolicyTypes.IpRules;

    public MessageParser Parser => IpRulesSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("allow", "deny");
        var message = new IpRulesSettings
        {
            Allow = { settings.Texts("allow", FieldRules.Network).Select(Network) },
            Deny = { settings.Texts("deny", FieldRules.Network).Select(Network) },
        };
        if (!settings.Has("allow") && !settings.Has("deny"))
        {
            settings.Refuse("required", "Give 'allow', 'deny' or both.");
        }

        return message;
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (IpRulesSettings)message;
        writer.WriteTexts("allow", settings.Allow, always: settings.Deny.Count == 0);
        writer.WriteTexts("deny", settings.Deny);
    }

    // A single address is a network of one.
    private static string Network(string text) =>
        !IPAddress.TryParse(text, out var address) ? text
        : address.AddressFamily == AddressFamily.InterNetwork ? $"{address}/32"
        : $"{address}/128";
}
