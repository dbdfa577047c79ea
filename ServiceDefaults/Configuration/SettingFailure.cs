namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>What is wrong with a setting.</summary>
internal sealed record SettingFailure(string Key, string Detail)
{
    /// <summary>For the operator who must correct it.</summary>
    public override string ToString() =>
        $"{Key} (environment variable {Key.Replace(":", "__", StringComparison.Ordinal)}): {Detail}";
}
