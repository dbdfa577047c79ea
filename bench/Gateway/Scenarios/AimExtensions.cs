using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

internal static class AimExtensions
{
    /// <summary>Not dearer than nginx, and not much slower where few are late; nothing, if nginx was not asked for.</summary>
    public static void AddAimsAgainstNginx(this ScenarioResult result)
    {
        if (result.Ratios.TryGetValue("apisvc/nginx", out var cost))
        {
            result.Aims.Add(new("processor time a call, apisvc/nginx", cost, 1.0));
            result.Aims.Add(
                new("p99 at a fixed rate, apisvc/nginx", result.Ratios["p99 apisvc/nginx"], 1.5)
            );
        }
    }
}
