namespace ApiSvc.Identity.Sessions;

/// <summary>Who is signed in at a browser, as the protocol endpoints need to know.</summary>
internal interface ISignedIn
{
    /// <returns>Null if nobody is signed in, or the session has ended.</returns>
    ValueTask<SignedInUser?> FindAsync(HttpContext context, CancellationToken cancellationToken);

    /// <summary>Where a browser is sent to sign in, again if somebody already is.</summary>
    /// <param name="returnPath">Where it comes back to: a path with query at this service.</param>
    string SignInUrl(string returnPath);
}

/// <summary>A user with a session at a browser.</summary>
/// <param name="UserId">The user.</param>
/// <param name="SessionId">The session: the <c>sid</c> of tokens (OpenID Connect Front-Channel Logout 1.0 section 3).</param>
/// <param name="AuthenticatedAt">When the user last proved who it is: <c>auth_time</c>.</param>
/// <param name="Methods">How, as in <c>amr</c> (RFC 8176): <c>pwd</c>, <c>otp</c>.</param>
internal sealed record SignedInUser(
    Guid UserId,
    Guid SessionId,
    DateTimeOffset AuthenticatedAt,
    IReadOnlyList<string> Methods
);

/// <summary>Ends the session at a browser: the other end of <see cref="ISignedIn"/>.</summary>
internal interface ISessionEnd
{
    /// <summary>Ends it, and has the browser forget it. One that has ended already is no error.</summary>
    Task EndAsync(HttpContext context, SignedInUser user, CancellationToken cancellationToken);
}
