using ApiSvc.ServiceDefaults.Problems;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>What can be wrong with a key (draft-ietf-httpapi-idempotency-key-header section 2.7).</summary>
internal static class IdempotencyProblems
{
    private const string Location = "header:" + IdempotencyKey.Header;

    public static ApiProblem MalformedKey { get; } =
        new()
        {
            Status = 400,
            Code = "invalid-idempotency-key",
            Detail =
                $"Idempotency-Key must be one quoted string of 1 to {IdempotencyKey.LongestKey} printable ASCII characters, such as a UUID.",
            Errors = [new(Location, "format", "Send one key per request, in double quotes.")],
        };

    public static ApiProblem UnderWay { get; } =
        new()
        {
            Status = 409,
            Code = "idempotent-request-under-way",
            Detail =
                "A request with this Idempotency-Key is being processed. Repeat this one later.",
            RetryAfter = 1,
        };

    public static ApiProblem OtherRequest { get; } =
        new()
        {
            Status = 422,
            Code = "idempotency-key-reused",
            Detail =
                "This Idempotency-Key was used for a request with another path or body. Use a new key.",
            Errors = [new(Location, "reused", "Use a new key for each new request.")],
        };

    public static ApiProblem TooLarge(int longest) =>
        new()
        {
            Status = 413,
            Code = "body-too-large",
            Detail = $"With an Idempotency-Key the body has at most {longest} bytes.",
        };
}
