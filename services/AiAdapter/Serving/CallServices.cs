using ApiSvc.AiAdapter.Configuration;
using ApiSvc.AiAdapter.Money;
using ApiSvc.AiAdapter.Serving.Caching;
using ApiSvc.AiAdapter.Serving.Providers;
using ApiSvc.AiAdapter.Serving.Usage;
using Microsoft.Extensions.Options;

namespace ApiSvc.AiAdapter.Serving;

/// <summary>What every call needs.</summary>
internal sealed record CallServices(
    IAiConfigurationSource Configuration,
    IBudgets Budgets,
    ProviderHttp Http,
    MediaFetcher Media,
    IUsageRecorder Recorder,
    CallTelemetry Telemetry,
    AnswerCache Cache,
    IOptions<ServingOptions> Settings,
    TimeProvider Time,
    ILogger<ServedCall> Logger
)
{
    public ServingOptions Options => Settings.Value;
}
