using System.Text.Json;
using ApiSvc.Contracts.GatewayConfig.V1;
using Google.Protobuf;
using Google.Protobuf.WellKnownTypes;

namespace ApiSvc.Catalog.Policies.Settings;

/// <summary>
/// <c>{ "rate": 100, "periodSeconds": 60, "burst": 20, "countedBy": "subscription" }</c>; a burst that is left out is
/// the rate.
/// </summary>
internal sealed class LimitForm : IPolicyForm
{
    private const ulong Most = 1_000_000_000;
    private const ulong MostSeconds = 86_400;

    public PolicyType Type => PolicyTypes.Limit;

    public MessageParser Parser => LimitSettings.Parser;

    public IMessage Read(SettingsObject settings, PolicyPlace place)
    {
        settings.Only("rate", "periodSeconds", "burst", "countedBy");
        var rate = settings.Number("rate", 1, Most);
        return new LimitSettings
        {
            Limit = new()
            {
                Rate = rate,
                Period = new Duration
                {
                    Seconds = (long)settings.Number("periodSeconds", 1, MostSeconds),
                },
                Burst = settings.Number("burst", 1, Most, rate),
            },
            CountedBy = settings.Choice("countedBy", CountWords.CountedBy, CountedBy.Subscription),
        };
    }

    public void Write(IMessage message, Utf8JsonWriter writer)
    {
        var settings = (LimitSettings)message;
        writer.WriteNumber("rate", settings.Limit.Rate);
        writer.WriteNumber("periodSeconds", settings.Limit.Period.Seconds);
        writer.WriteNumber("burst", settings.Limit.Burst);
        writer.WriteString("countedBy", CountWords.CountedBy.Of(settings.CountedBy));
    }
}
