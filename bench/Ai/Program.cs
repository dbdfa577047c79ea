using ApiSvc.Bench.Ai;
using ApiSvc.Bench.Processes;
using ApiSvc.Testing;

// dotnet run -c Release --project bench/Ai [--quick] [--json]
// What the AI adapter adds to a call, what 2,000 slow streams cost it in memory, and how many calls it carries in a second of its
// processor time beside another gateway. Ends with 1 if an aim was missed.
var quick = args.Contains("--quick");
var rounds = quick ? 3 : 7;
var length = TimeSpan.FromSeconds(quick ? 2 : 4);
var streams = quick ? 500 : 2000;

using var postgres = PrivatePostgres.Start(keep: false);
using var redis = await RedisServer.StartAsync();
await using var stage = await Stage.StartAsync(postgres, redis);
var report = new Report(args.Contains("--json"));

// Until the runtimes have compiled what is called often.
foreach (var way in stage.Ways)
{
    await Load.SaturateAsync(way, length);
    await Load.SaturateAsync(way, length);
}

report.Latency(await LatencyRun.RunAsync(stage, rounds, length));
report.Cost(await CostRun.RunAsync(stage, rounds, length));
report.Streams(await StreamRun.RunAsync(stage, streams));
return report.Finish();
