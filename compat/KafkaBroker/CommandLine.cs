using System.Globalization;

namespace KafkaBroker;

/// <summary>The program's arguments.</summary>
internal static class CommandLine
{
    public const string Usage =
        "usage: KafkaBroker --port N --data DIR [--advertised HOST:PORT] [--partitions N] [--flush]";

    /// <returns>The options, or null with what is wrong with the arguments.</returns>
    public static BrokerOptions? Parse(string[] arguments, out string? problem)
    {
        var values = new Dictionary<string, string>();
        for (var i = 0; i < arguments.Length; i++)
        {
            var name = arguments[i];
            if (name is "--flush")
            {
                values[name] = "";
            }
            else if (name is not ("--port" or "--data" or "--advertised" or "--partitions"))
            {
                problem = $"There is no argument {name}.";
                return null;
            }
            else if (++i == arguments.Length)
            {
                problem = $"{name} needs a value.";
                return null;
            }
            else
            {
                values[name] = arguments[i];
            }
        }

        var data = values.GetValueOrDefault("--data");
        if (
            data is null
            || !TryNumber(values, "--port", otherwise: null, out var port)
            || !TryNumber(values, "--partitions", otherwise: 1, out var partitions)
        )
        {
            problem = "--data has to name a folder, --port and --partitions a number.";
            return null;
        }

        problem = null;
        return new()
        {
            DataFolder = data,
            Port = port,
            Partitions = partitions,
            Advertised = values.GetValueOrDefault("--advertised"),
            FlushToDisk = values.ContainsKey("--flush"),
        };
    }

    private static bool TryNumber(
        Dictionary<string, string> values,
        string name,
        int? otherwise,
        out int number
    )
    {
        if (values.TryGetValue(name, out var text))
        {
            return int.TryParse(text, CultureInfo.InvariantCulture, out number);
        }

        number = otherwise ?? 0;
        return otherwise is not null;
    }
}
