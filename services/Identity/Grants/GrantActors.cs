using System.Net;
using ApiSvc.Identity.ClientAuthentication;
using ApiSvc.Identity.Sessions;
using ApiSvc.ServiceDefaults.Audit;
using ApiSvc.ServiceDefaults.Identifiers;
using ApiSvc.ServiceDefaults.Permissions;

namespace ApiSvc.Identity.Grants;

/// <summary>Who acts at the protocol endpoints, where nobody comes with an access token.</summary>
internal static class GrantActors
{
    public static Actor ToActor(this IssuerClient client, IPAddress? address) =>
        new(
            new Caller
            {
                Kind = CallerKind.Client,
                Subject = client.Id,
                ClientId = client.Id,
            },
            address
        );

    public static Actor ToActor(this SignedInUser user, string? clientId, IPAddress? address) =>
        new(
            new Caller
            {
                Kind = CallerKind.User,
                Subject = new Id<UserKind>(user.UserId).ToString(),
                ClientId = clientId,
            },
            address
        );
}
