using ApiSvc.Bench.Gateway.Reports;

namespace ApiSvc.Bench.Gateway.Scenarios;

internal interface IScenario
{
    string Name { get; }

    Task<ScenarioResult> RunAsync(
        BenchOptions options,
        Progress progress,
        CancellationToken cancellationToken
    );
}
