using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "name": "reports" }</c>: which of the version's upstreams is called; that there is one is checked at deployment.</summary>
internal sealed class UpstreamForm : IPolicyForm
{
    public PolicyType Type => PolicyTypes.Upstream;

    public MessageParser Parser => UpstreamSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("name");
        if (place.Level is PolicyLevel.Platform or PolicyLevel.Team)
        {
            settings.Refuse(
                "wrong_level",
                "An upstream can be chosen for a version or an operation."
            );
        }

        return new UpstreamSettings { Name = settings.Text("name", FieldRules.NotEmpty) ?? "" };
    }

    public void Write(IMessage message, Utf8JsonWriter writer) =>
        writer.WriteText("name", ((UpstreamSettings)message).Name);
}
