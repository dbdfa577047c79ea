namespace ApiSvc.AiAdapter.Hub;

/// <summary>Why a provider gave no answer, or no whole one.</summary>
internal enum FailureKind
{
    InvalidRequest,
    ContextLength,
    ContentPolicy,
    Authentication,
    Permission,
    NotFound,
    TooLarge,
    RateLimited,

    /// <summary>The account has no money or quota left: waiting a little does not help.</summary>
    QuotaExhausted,
    Overloaded,
    ServerError,
    Timeout,

    /// <summary>What came is not the provider's format.</summary>
    Malformed,

    /// <summary>The connection ended before the answer did.</summary>
    Cut,

    /// <summary>The answer holds something the client's format cannot carry.</summary>
    Untranslatable,
}

/// <param name="Message">For the client: says nothing of keys or addresses.</param>
/// <param name="Status">The provider's status; null within a stream.</param>
/// <param name="Code">The provider's own code.</param>
/// <param name="Field">The request's field at fault, where the provider names one.</param>
internal sealed record Failure(
    FailureKind Kind,
    string Message,
    int? Status = null,
    string? Code = null,
    TimeSpan? RetryAfter = null,
    string? Field = null
);
