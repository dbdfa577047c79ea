using System.Globalization;
using ApiSvc.Bench;

// dotnet run -c Release --project bench/Grpc [rounds] [seconds]
// Ends with 1 when unary gRPC has less than half the throughput of plain HTTP/2.
const double Floor = 0.5;
const int InFlight = 32;
int[] sizes = [100, 10 * 1024];

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 9;
var seconds = TimeSpan.FromSeconds(
    args.Length > 1 ? double.Parse(args[1], CultureInfo.InvariantCulture) : 2
);

await using var server = await BenchServer.StartAsync();
using var comparison = new Comparison(server.Address, InFlight);

foreach (var size in sizes)
{
    await comparison.RunAsync(size, seconds, grpcFirst: true);
}

Console.WriteLine(
    $"{rounds} rounds of {seconds.TotalSeconds:0.#} s each, {InFlight} in flight on one connection; medians"
);
Console.WriteLine();
Console.WriteLine("| what | payload | per second | CPU µs each | ratio to plain, median (range) |");
Console.WriteLine("| --- | ---: | ---: | ---: | --- |");

var kept = true;
foreach (var size in sizes)
{
    var measured = new List<Round>();
    for (var i = 0; i < rounds; i++)
    {
        measured.Add(await comparison.RunAsync(size, seconds, grpcFirst: i % 2 == 0));
    }

    var ratio = measured.Median(round => round.Ratio);
    kept &= ratio >= Floor;
    Print("plain HTTP/2 POST", size, [.. measured.Select(round => round.Plain)], "1");
    Print(
        "gRPC unary",
        size,
        [.. measured.Select(round => round.Grpc)],
        $"{ratio:0.00} ({measured.Min(round => round.Ratio):0.00} to {measured.Max(round => round.Ratio):0.00})"
    );
}

foreach (var size in sizes)
{
    var sent = new List<Rate>();
    var exchanged = new List<Rate>();
    for (var i = 0; i < rounds; i++)
    {
        sent.Add(await Streaming.SendAsync(comparison.Mirror, size, seconds / 2));
        exchanged.Add(await Streaming.ExchangeAsync(comparison.Mirror, size, seconds / 2));
    }

    Print("gRPC messages, server streaming", size, sent, "");
    Print("gRPC messages, duplex", size, exchanged, "");
}

return kept ? 0 : 1;

static void Print(string what, int size, List<Rate> rates, string ratio) =>
    Console.WriteLine(
        string.Create(
            CultureInfo.InvariantCulture,
            $"| {what} | {size} B | {rates.Median(rate => rate.PerSecond):#,0} | {rates.Median(rate => rate.Microseconds):0.0} | {ratio} |"
        )
    );
