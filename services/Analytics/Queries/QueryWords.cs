namespace ApiSvc.Analytics.Queries;

// What queries are made of. REST has these names in camelCase; the contract's enums have the same order.

/// <summary>What is asked about calls.</summary>
internal enum Metric
{
    Calls = 1,

    /// <summary>Status 400 and above, and calls without an answer.</summary>
    Errors = 2,

    /// <summary>Errors by calls, 0 to 1.</summary>
    ErrorRate = 3,
    BytesIn = 4,
    BytesOut = 5,

    /// <summary>Microseconds, as all latencies.</summary>
    LatencyP50 = 6,
    LatencyP95 = 7,
    LatencyP99 = 8,
    LatencyMean = 9,
    ErrorsUnauthorized = 10,
    ErrorsLimited = 11,
    ErrorsRefused = 12,
    ErrorsClient = 13,
    ErrorsUpstream = 14,
    ErrorsGateway = 15,
}

/// <summary>By what calls are told apart.</summary>
internal enum Dimension
{
    Api = 1,
    Version = 2,
    Operation = 3,
    Environment = 4,
    StatusClass = 5,
    Application = 6,
    Subscription = 7,
    Plan = 8,
}

/// <summary>Which calls of a team.</summary>
internal enum Side
{
    /// <summary>To its APIs, and by its applications.</summary>
    Both = 0,

    /// <summary>To its APIs.</summary>
    Provider = 1,

    /// <summary>By its applications.</summary>
    Consumer = 2,
}
