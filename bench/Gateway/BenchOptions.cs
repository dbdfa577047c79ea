using System.Globalization;

namespace ApiSvc.Bench.Gateway;

/// <summary>What a run was asked for.</summary>
internal sealed class BenchOptions
{
    public const string Usage = """
        [SCENARIO…] [--json] [--quick] [--rounds N] [--seconds N] [--rate N] [--connections N] [--minutes N]
                    [--peers NAME,…] [--gateway PATH] [--env NAME=VALUE]… [--variant PATH] [--variant NAME=VALUE]…

        --quick        fewer and shorter rounds: good enough to see a big difference
        --rounds       turns of each, 1 to 1000; 7
        --seconds      of each turn, 1 to 600; 3
        --rate         calls a second where the rate is fixed; 10000
        --connections  of the load generator, 1 to 10000; 64
        --minutes      of the soak, 1 to 1440; 10
        --peers        of nginx, haproxy, yarp: whom the gateway is compared with; all
        --gateway      a build or publish folder of the gateway, or its ApiSvc.Gateway.dll; the repository's Release build
        --env          a setting more in the gateway's environment, as often as wanted
        --variant      another build, or a setting more, of a second gateway that takes turns with the first (plain alone)
        """;

    public List<string> Scenarios { get; } = [];

    public bool Json { get; private set; }

    public bool Quick { get; private set; }

    public int Rounds { get; private set; } = 7;

    public int Seconds { get; private set; } = 3;

    public int Rate { get; private set; } = 10_000;

    public int Connections { get; private set; } = 64;

    public int Minutes { get; private set; } = 10;

    public IReadOnlyList<string> Peers { get; private set; } = ["haproxy", "nginx", "yarp"];

    public string GatewayProgram { get; private set; } =
        Repository.File("services", "Gateway", "bin", "Release", "net10.0", "ApiSvc.Gateway.dll");

    public List<KeyValuePair<string, string?>> Environment { get; } = [];

    /// <summary>The same of a second gateway beside it; none unless something of it is other.</summary>
    public BenchOptions? Variant { get; private set; }

    public TimeSpan Turn => TimeSpan.FromSeconds(Seconds);

    /// <summary>How long what compiles at run time is called before it is measured.</summary>
    public TimeSpan WarmUp => TimeSpan.FromSeconds(Quick ? 6 : 12);

    /// <summary>How long at most, if it still gets faster.</summary>
    public TimeSpan LongestWarmUp => TimeSpan.FromSeconds(Quick ? 24 : 60);

    /// <exception cref="BenchException">Something is not understood.</exception>
    public static BenchOptions Parse(IReadOnlyList<string> arguments)
    {
        var options = new BenchOptions();
        if (arguments.Contains("--quick"))
        {
            (options.Quick, options.Rounds, options.Seconds) = (true, 3, 2);
        }

        for (var i = 0; i < arguments.Count; i++)
        {
            var name = arguments[i];
            if (name is "--json" or "--quick")
            {
                options.Json |= name == "--json";
            }
            else if (name.StartsWith("--", StringComparison.Ordinal))
            {
                var value =
                    ++i < arguments.Count
                        ? arguments[i]
                        : throw new BenchException($"{name} wants a value.");
                options.Set(name, value);
            }
            else
            {
                options.Scenarios.Add(name);
            }
        }

        return options;
    }

    private void Set(string name, string value)
    {
        switch (name)
        {
            case "--rounds":
                Rounds = Number(name, value, 1000);
                break;
            case "--seconds":
                Seconds = Number(name, value, 600);
                break;
            case "--rate":
                Rate = Number(name, value, 1_000_000);
                break;
            case "--connections":
                Connections = Number(name, value, 10_000);
                break;
            case "--minutes":
                Minutes = Number(name, value, 1440);
                break;
            case "--peers":
                Peers = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
                break;
            case "--gateway":
                GatewayProgram = ProgramAt(value);
                break;
            case "--env":
                Environment.Add(Setting(name, value));
                break;
            case "--variant":
                SetVariant(name, value);
                break;
            default:
                throw new BenchException($"There is no option {name}.\n{Usage}");
        }
    }

    private void SetVariant(string name, string value)
    {
        Variant ??= new() { GatewayProgram = GatewayProgram };
        if (value.Contains('=', StringComparison.Ordinal))
        {
            Variant.Environment.Add(Setting(name, value));
        }
        else
        {
            Variant.GatewayProgram = ProgramAt(value);
        }
    }

    private static KeyValuePair<string, string?> Setting(string name, string value)
    {
        var at = value.IndexOf('=', StringComparison.Ordinal);
        return at > 0
            ? new(value[..at], value[(at + 1)..])
            : throw new BenchException($"{name} wants NAME=VALUE.");
    }

    private static int Number(string name, string value, int most) =>
        int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
        && number >= 1
        && number <= most
            ? number
            : throw new BenchException($"{name} is a number from 1 to {most}.");

    private static string ProgramAt(string path)
    {
        var full = Path.GetFullPath(
            Directory.Exists(path) ? Path.Combine(path, "ApiSvc.Gateway.dll") : path
        );
        return File.Exists(full) ? full : throw new BenchException($"There is no {full}.");
    }
}
