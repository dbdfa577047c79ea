using ApiSvc.Gateway.Exchanges;

namespace ApiSvc.Gateway.Policies;

/// <summary>
/// One concern of a call. A policy is made when its configuration arrives, holds nothing of a call, and implements any
/// of <see cref="IRequestPolicy"/>, <see cref="IResponsePolicy"/> and <see cref="ICompletionPolicy"/>.
/// </summary>
internal interface IPolicy
{
    /// <summary>Where in the order it stands.</summary>
    PolicyStage Stage { get; }
}

/// <summary>Sees the request before it is forwarded.</summary>
internal interface IRequestPolicy : IPolicy
{
    /// <summary>Lets the call go on, or answers it.</summary>
    ValueTask<Verdict> OnRequestAsync(Exchange exchange);
}

/// <summary>Sees the status and fields of the response, the upstream's or the gateway's own, before they are sent.</summary>
internal interface IResponsePolicy : IPolicy
{
    /// <summary>
    /// Runs in reverse order, for the policies up to the one that answered; for all if the upstream did.
    /// </summary>
    void OnResponse(Exchange exchange);
}

/// <summary>Sees the call when its last byte was sent, or it ended otherwise.</summary>
internal interface ICompletionPolicy : IPolicy
{
    void OnComplete(Exchange exchange);
}

/// <summary>The order in which policies run; the gateway's, not the configuration's.</summary>
internal enum PolicyStage
{
    Cors,
    Address,
    AddressLimit,
    Authentication,
    Subscription,
    Scope,
    Limit,
    Quota,
    Shaping,
    Lifecycle,
}
