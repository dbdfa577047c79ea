using ApiSvc.ServiceDefaults.Permissions;
using Microsoft.AspNetCore.Http;

namespace ApiSvc.ServiceDefaults.Idempotency;

/// <summary>Whose keys they are: another caller's key of the same text is another key.</summary>
internal static class IdempotencyCaller
{
    public static string Subject(HttpContext context) =>
        context.User.FindFirst("sub")?.Value ?? Caller.Anonymous.Subject;
}
