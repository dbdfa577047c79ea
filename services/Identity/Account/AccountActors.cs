using ApiSvc.Identity.Grants;
using ApiSvc.Identity.Pages;
using ApiSvc.ServiceDefaults.Audit;

namespace ApiSvc.Identity.Account;

internal static class AccountActors
{
    /// <summary>The user who sent it.</summary>
    public static Actor ToActor(this SentForm sent, HttpContext http) =>
        sent.User.ToActor(clientId: null, http.Connection.RemoteIpAddress);
}
