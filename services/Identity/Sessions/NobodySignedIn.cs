namespace ApiSvc.Identity.Sessions;

/// <summary>For a service at which nobody can sign in: everybody is sent to the sign-in page, and no session ends.</summary>
internal sealed class NobodySignedIn : ISignedIn, ISessionEnd
{
    public const string SignInPath = "/sign-in";

    public ValueTask<SignedInUser?> FindAsync(
        HttpContext context,
        CancellationToken cancellationToken
    ) => new((SignedInUser?)null);

    public string SignInUrl(string returnPath) =>
        $"{SignInPath}?return={Uri.EscapeDataString(returnPath)}";

    public Task EndAsync(
        HttpContext context,
        SignedInUser user,
        CancellationToken cancellationToken
    ) => Task.CompletedTask;
}
