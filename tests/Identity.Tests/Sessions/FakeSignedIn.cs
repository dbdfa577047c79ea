using System.Collections.Concurrent;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Identifiers;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.Identity.Tests.Sessions;

/// <summary>Takes for signed in whoever a test has signed in, by a cookie.</summary>
internal sealed class FakeSignedIn(TimeProvider time) : ISignedIn, ISessionEnd
{
    public const string Cookie = "test-session";

    private readonly ConcurrentDictionary<string, SignedInUser> _sessions = [];

    /// <summary>Signs a user in, with the public id.</summary>
    /// <returns>The cookie's value.</returns>
    public string SignIn(string user)
    {
        var session = Guid.CreateVersion7();
        var value = session.ToString("N");
        _sessions[value] = new(
            Id<UserKind>.Parse(user).Value,
            session,
            time.GetUtcNow(),
            ["pwd", "otp"]
        );
        return value;
    }

    /// <summary>Has the user of the session prove again who it is.</summary>
    public void SignInAgain(string cookie) =>
        _sessions[cookie] = _sessions[cookie] with { AuthenticatedAt = time.GetUtcNow() };

    public bool IsSignedIn(string cookie) => _sessions.ContainsKey(cookie);

    public ValueTask<SignedInUser?> FindAsync(
        HttpContext context,
        CancellationToken cancellationToken
    ) => new(_sessions.GetValueOrDefault(context.Request.Cookies[Cookie] ?? ""));

    public string SignInUrl(string returnPath) => new NobodySignedIn().SignInUrl(returnPath);

    public Task EndAsync(
        HttpContext context,
        SignedInUser user,
        CancellationToken cancellationToken
    )
    {
        _sessions.TryRemove(user.SessionId.ToString("N"), out _);
        return Task.CompletedTask;
    }
}
