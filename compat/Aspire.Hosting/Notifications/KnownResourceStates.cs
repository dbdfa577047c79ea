namespace Aspire.Hosting.ApplicationModel;

/// <summary>The states of a resource's life.</summary>
public static class KnownResourceStates
{
    /// <summary>It waits for other resources.</summary>
    public static readonly string Waiting = "Waiting";

    /// <summary>It is about to run.</summary>
    public static readonly string Starting = "Starting";

    /// <summary>It runs.</summary>
    public static readonly string Running = "Running";

    /// <summary>It could not be started; its log says why.</summary>
    public static readonly string FailedToStart = "FailedToStart";

    /// <summary>It was told to end.</summary>
    public static readonly string Stopping = "Stopping";

    /// <summary>It was ended, or its process failed.</summary>
    public static readonly string Exited = "Exited";

    /// <summary>Its process ended by itself, without failing.</summary>
    public static readonly string Finished = "Finished";

    /// <summary>Nobody has started it.</summary>
    public static readonly string NotStarted = "NotStarted";

    /// <summary>A parameter has no value.</summary>
    public static readonly string ValueMissing = "ValueMissing";

    /// <summary>The states that a resource does not leave by itself.</summary>
    public static readonly IReadOnlyList<string> TerminalStates = [Finished, FailedToStart, Exited];
}

/// <summary>How to show a state.</summary>
public static class KnownResourceStateStyles
{
    /// <summary>Bad.</summary>
    public static readonly string Error = "error";

    /// <summary>Good.</summary>
    public static readonly string Success = "success";

    /// <summary>Neither.</summary>
    public static readonly string Info = "info";
}
