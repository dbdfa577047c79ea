using ApiSvc.ServiceDefaults.Identifiers;

namespace ApiSvc.Identity.Rules;

/// <summary>An OAuth 2.0 client, of an application or of a team.</summary>
internal sealed class OAuthClientKind : IIdKind
{
    public static string Prefix => "client";
}
