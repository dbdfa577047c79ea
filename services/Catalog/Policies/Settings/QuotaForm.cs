using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary><c>{ "count": 10000, "window": "day", "countedBy": "subscription" }</c></summary>
internal sealed class QuotaForm : IPolicyForm
{
    private const ulong Most = 1_000_000_000_000_000;

    public PolicyType Type => PolicyTypes.Quota;

    public MessageParser Parser => QuotaSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("count", "window", "countedBy");
        return new QuotaSettings
        {
            Quota = new()
            {
                Count = settings.Number("count", 1, Most),
                Window = settings.Choice("window", CountWords.Windows),
            },
            CountedBy = settings.Choice("countedBy", CountWords.CountedBy, CountedBy.Subscription),
        };
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (QuotaSettings)message;
        writer.WriteNumber("count", settings.Quota.Count);
        writer.WriteString("window", CountWords.Windows.Of(settings.Quota.Window));
        writer.WriteString("countedBy", CountWords.CountedBy.Of(settings.CountedBy));
    }
}
