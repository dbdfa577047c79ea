namespace ApiSvc.Gateway.Problems;

/// <summary>The problems that the gateway answers with, in the order in which a call can meet them.</summary>
internal static class GatewayProblems
{
    public static Problem NotReady { get; } =
        new(
            503,
            "not-ready",
            "Not ready",
            "The gateway has not been told yet what to serve, or who may call."
        );

    public static Problem BadTarget { get; } =
        BadRequest("The target is no path that can be read in one way only.");

    public static Problem BadFraming { get; } =
        BadRequest("The request's framing can be read in more than one way.");

    public static Problem TooSlow { get; } =
        new(408, "request-timeout", "Request timeout", "The request did not come in time.");

    public static Problem BadBody { get; } = BadRequest("The body could not be read.");

    public static Problem TooLarge { get; } =
        new(413, "request-too-large", "Request too large", "The body is longer than is taken.");

    public static Problem NoApi { get; } = NotFound("There is no API at this address.");

    public static Problem NoVersion { get; } =
        NotFound("The request names no version of this API that is served.");

    public static Problem NoOperation { get; } =
        NotFound("The API has no operation at this address.");

    public static Problem MethodNotAllowed { get; } =
        new(
            405,
            "method-not-allowed",
            "Method not allowed",
            "The operation is there with other methods: see Allow."
        );

    public static Problem Suspended { get; } =
        new(503, "api-suspended", "API suspended", "The API takes no calls for the time being.");

    public static Problem Retired { get; } =
        new(410, "api-retired", "API retired", "This version is retired for good.");

    public static Problem Quarantined { get; } =
        new(
            503,
            "api-quarantined",
            "API cannot be served",
            "This gateway could not apply the API's configuration; its operators see why."
        );

    public static Problem AddressNotAllowed { get; } =
        new(
            403,
            "address-not-allowed",
            "Address not allowed",
            "Calls from this address are not taken."
        );

    public static Problem NoCredential { get; } =
        new(401, "unauthorized", "Unauthorized", "The call carries no credential.");

    public static Problem WrongCredential { get; } =
        new(401, "unauthorized", "Unauthorized", "The credential is not valid, or no longer.");

    public static Problem NoSubscription { get; } =
        new(
            403,
            "subscription-required",
            "Subscription required",
            "The application has no active subscription to this API."
        );

    public static Problem OutsidePlan { get; } =
        new(
            403,
            "subscription-required",
            "Subscription required",
            "The subscription's plan does not include this operation."
        );

    public static Problem InsufficientScope { get; } =
        new(
            403,
            "insufficient-scope",
            "Insufficient scope",
            "The credential lacks a scope of this operation: see WWW-Authenticate."
        );

    public static Problem LimitExceeded { get; } =
        new(
            429,
            "limit-exceeded",
            "Limit exceeded",
            "Too many calls for the rate that is allowed; Retry-After says when there is room."
        );

    public static Problem QuotaExceeded { get; } =
        new(
            429,
            "quota-exceeded",
            "Quota exceeded",
            "All calls of this period are used; Retry-After says when the next begins."
        );

    public static Problem Unreachable { get; } =
        new(
            502,
            "upstream-unreachable",
            "Upstream unreachable",
            "The API's upstream could not be reached, or broke off before it answered."
        );

    public static Problem TimedOut { get; } =
        new(
            504,
            "upstream-timeout",
            "Upstream timeout",
            "The API's upstream did not answer in time."
        );

    public static Problem BadAnswer { get; } =
        new(
            502,
            "upstream-bad-answer",
            "Bad answer of the upstream",
            "What the API's upstream answered is no HTTP message that can be read in one way only."
        );

    public static Problem UpstreamBusy { get; } =
        new(
            503,
            "upstream-busy",
            "Upstream busy",
            "There are as many calls to the API's upstream at once as may be."
        );

    public static Problem Internal { get; } =
        new(
            500,
            "internal",
            "Internal error",
            "An unexpected error occurred. The log has it under this id."
        );

    private static Problem NotFound(string detail) => new(404, "not-found", "Not found", detail);

    private static Problem BadRequest(string detail) =>
        new(400, "bad-request", "Bad request", detail);
}
