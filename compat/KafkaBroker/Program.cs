using KafkaBroker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Console;

if (CommandLine.Parse(args, out var problem) is not { } options)
{
    await Console.Error.WriteLineAsync($"{problem}\n{CommandLine.Usage}");
    return 2;
}

using var loggers = LoggerFactory.Create(logging =>
    logging
        .AddSimpleConsole(console => console.SingleLine = true)
        .Services.Configure<ConsoleLoggerOptions>(console =>
            console.LogToStandardErrorThreshold = LogLevel.Trace
        )
);
using var stop = new StopSignals();
try
{
    await using var broker = await KafkaBrokerHost.StartAsync(options, loggers);
    Console.WriteLine($"listening {broker.BootstrapServers}");
    await stop.Received;
    return 0;
}
catch (BrokerStartException cannotStart)
{
    await Console.Error.WriteLineAsync(cannotStart.Message);
    return 1;
}
