using System.Security.Claims;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Permissions;

/// <summary>Carries the <see cref="Permissions.Caller"/> in the framework's principal.</summary>
internal sealed class CallerIdentity : ClaimsIdentity
{
    /// <summary>The authentication scheme of access tokens.</summary>
    public const string Scheme = "Bearer";

    public CallerIdentity(Caller caller)
        : base([new Claim("sub", caller.Subject)], Scheme, "sub", "roles") => Caller = caller;

    public Caller Caller { get; }
}

/// <summary>Finds the caller of a request.</summary>
public static class CallerExtensions
{
    /// <summary>Who makes the request; <see cref="Caller.Anonymous"/> without a valid token.</summary>
    public static Caller GetCaller(this HttpContext context) =>
        context.User.Identities.OfType<CallerIdentity>().FirstOrDefault()?.Caller
        ?? Caller.Anonymous;
}
