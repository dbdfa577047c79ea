namespace ApiSvc.Gateway.Exchanges;

/// <summary>How forwarding ended.</summary>
internal enum ForwardOutcome
{
    NotForwarded,

    /// <summary>The upstream's answer went to the client whole.</summary>
    Answered,

    /// <summary>No connection, or it broke before an answer came.</summary>
    Unreachable,

    /// <summary>The upstream took too long.</summary>
    TimedOut,

    /// <summary>The body was longer than is taken.</summary>
    BodyTooLarge,

    /// <summary>The client sent something that is no body.</summary>
    BodyUnreadable,

    /// <summary>The client took too long to send the body.</summary>
    BodyTooSlow,

    /// <summary>What the upstream answered is no answer that can be read in one way only.</summary>
    BadAnswer,

    /// <summary>There are as many connections to the upstream as there may be.</summary>
    Busy,

    /// <summary>The client left.</summary>
    ClientLeft,

    /// <summary>The upstream broke off within its answer; the client sees that too.</summary>
    BrokenOff,
}
