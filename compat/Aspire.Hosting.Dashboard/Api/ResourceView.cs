using Aspire.Hosting.Dashboard.Security;

namespace Aspire.Hosting.Dashboard.Api;

/// <summary>A resource as a browser gets it: without anything that is secret.</summary>
internal static class ResourceView
{
    public static DashboardResource WithoutSecrets(DashboardResource resource) =>
        resource with
        {
            Environment = WithoutSecrets(resource.Environment),
            Properties = WithoutSecrets(resource.Properties),
            Endpoints =
            [
                .. resource.Endpoints.Select(endpoint =>
                    endpoint with
                    {
                        Url = WithoutUser(endpoint.Url),
                    }
                ),
            ],
        };

    private static IReadOnlyList<DashboardVariable> WithoutSecrets(
        IReadOnlyList<DashboardVariable> variables
    ) =>
        [
            .. variables
                .OrderBy(v => v.Name, StringComparer.Ordinal)
                .Select(v =>
                    SecretValues.IsSecret(v) ? v with { Value = null, IsSecret = true } : v
                ),
        ];

    private static string WithoutUser(string url) =>
        Uri.TryCreate(url, UriKind.Absolute, out var uri) && uri.UserInfo.Length > 0
            ? url.Replace(uri.UserInfo + "@", "", StringComparison.Ordinal)
            : url;
}
