namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>Marks a setting, with everything in it, that is never logged.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
