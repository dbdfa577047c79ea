namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>Names a setting for the operator who must correct it.</summary>
internal static class SettingName
{
    public static string Describe(string key) =>
        $"{key} (environment variable {key.Replace(":", "__", StringComparison.Ordinal)})";
}
