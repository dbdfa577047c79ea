namespace Aspire.Hosting.Processes;

/// <summary>A process to be started.</summary>
/// <param name="Program">The program's path.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="WorkingDirectory">Where it runs.</param>
internal sealed record ProcessPlan(
    string Program,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory
)
{
    /// <summary>What is added to the host's own environment.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } =
        new Dictionary<string, string>(StringComparer.Ordinal);

    /// <summary>What <c>setpriv</c> is to do besides, such as changing the user.</summary>
    public IReadOnlyList<string> Privileges { get; init; } = [];

    /// <summary>What it reads from its standard input, which is closed after that.</summary>
    public string? Input { get; init; }

    /// <summary>How it is told to end.</summary>
    public Signal StopSignal { get; init; } = Signal.Terminate;

    /// <summary>
    /// Whether it keeps data. When the host is killed it is then told to end in order, and killed only when it takes
    /// long; anything else is killed at once.
    /// </summary>
    public bool KeepsData { get; init; }

    /// <summary>Whether its standard error output is its ordinary log.</summary>
    public bool LogsToError { get; init; }
}

/// <summary>Signals, with Linux' numbers.</summary>
internal enum Signal
{
    /// <summary>SIGINT.</summary>
    Interrupt = 2,

    /// <summary>SIGKILL.</summary>
    Kill = 9,

    /// <summary>SIGTERM.</summary>
    Terminate = 15,
}
