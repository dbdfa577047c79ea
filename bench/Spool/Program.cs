using System.Globalization;
using ApiSvc.Bench;

// dotnet run -c Release --project bench/Spool [rounds] [records] [folder]
// Ends with 1 when an append takes 0.4 µs of processor time or more, or allocates.
const double CeilingNs = 400;

var rounds = args.Length > 0 ? int.Parse(args[0], CultureInfo.InvariantCulture) : 9;
var records = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 1_000_000;
var folder = args.Length > 2 ? args[2] : Path.GetTempPath();

using var bench = new AppendBench(folder);
bench.Run(records / 2);

Console.WriteLine(
    $"{rounds} rounds of {records:#,0} records of {SampleRecord.Length} bytes, one thread, in {folder}; medians"
);
Console.WriteLine();
Console.WriteLine("| what | ns each (range) | CPU ns each | bytes allocated each |");
Console.WriteLine("| --- | ---: | ---: | ---: |");

var appends = new List<Round>();
var ids = new List<double>();
var writes = new List<double>();
for (var i = 0; i < rounds; i++)
{
    appends.Add(bench.Run(records));
    ids.Add(bench.RunIds(records));
    writes.Add(AppendBench.RunWriter(records));
}

var cpu = Median(appends.Select(r => r.CpuNs));
var allocated = appends.Max(r => r.Allocated);
Print(
    "append with its id",
    appends.Select(r => r.WallNs),
    $"{cpu:0}",
    $"{allocated / (double)records:0.###}"
);
Print("of which the UUIDv7", ids, "", "");
Print("of which writing the fields", writes, "", "");
bench.RunChanges(20 * rounds);
Print("an append that changes the file", bench.Changes, "", "");
Console.WriteLine();
Console.WriteLine(
    $"The next file was not there in time {bench.Waits} times; the time until it was is not counted."
);

return cpu < CeilingNs && allocated == 0 ? 0 : 1;

static double Median(IEnumerable<double> values)
{
    var sorted = values.Order().ToList();
    return sorted[sorted.Count / 2];
}

static void Print(string what, IEnumerable<double> ns, string cpu, string allocated) =>
    Console.WriteLine(
        $"| {what} | {Median(ns):#,0} ({ns.Min():#,0} to {ns.Max():#,0}) | {cpu} | {allocated} |"
    );
