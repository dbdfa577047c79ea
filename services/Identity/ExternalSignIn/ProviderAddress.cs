namespace ApiSvc.Identity.ExternalSignIn;

/// <summary>Where providers may be.</summary>
internal static class ProviderAddress
{
    /// <summary>TLS, but for a provider on the same machine.</summary>
    public static bool IsAcceptable(string? address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri)
        && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
        && uri.UserInfo.Length == 0
        && uri.Fragment.Length == 0
        && uri.Query.Length == 0;
}
