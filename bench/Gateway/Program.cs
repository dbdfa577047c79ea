using System.Runtime.InteropServices;
using ApiSvc.Bench.Gateway;
using ApiSvc.Bench.Gateway.Processes;
using ApiSvc.Bench.Gateway.Reports;
using ApiSvc.Bench.Gateway.Scenarios;

// What calls through the gateway cost, beside others that do the same. 0: all aims kept; 1: one missed; 2: no result.
IScenario[] scenarios =
[
    new PlainScenario(),
    new FullScenario(),
    new SizeScenario(),
    new TlsScenario(),
    new H2Scenario(),
    new ScaleScenario(),
    new ConfigScenario(),
    new IdleScenario(),
    new SoakScenario(),
];
using var stop = new CancellationTokenSource();
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
try
{
    Cores.Check();
    var options = BenchOptions.Parse(args);
    var progress = new Progress(options.Json);
    var report = new Report(options.Json);
    var isKept = true;
    foreach (var name in options.Scenarios)
    {
        var scenario =
            scenarios.FirstOrDefault(s => s.Name == name)
            ?? throw new BenchException($"There is no scenario {name}.\n{BenchOptions.Usage}");
        var result = await scenario.RunAsync(options, progress, stop.Token);
        report.Write(result);
        isKept &= result.Aims.TrueForAll(a => a.IsKept);
    }

    return isKept ? 0 : 1;
}
catch (BenchException failure)
{
    await Console.Error.WriteLineAsync(failure.Message);
    return 2;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    await Console.Error.WriteLineAsync("Stopped.");
    return 2;
}
catch (Exception unforeseen)
{
    await Console.Error.WriteLineAsync(unforeseen.ToString());
    return 2;
}

// What was started is ended on the way out.
void Stop(PosixSignalContext context)
{
    context.Cancel = true;
    stop.Cancel();
}
