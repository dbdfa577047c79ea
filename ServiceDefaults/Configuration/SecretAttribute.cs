namespace ApiSvc.ServiceDefaults.Configuration;

/// <summary>
/// Marks a setting, with everything in it, that is never logged, and a property of an audited object whose value
/// never gets into the audit log. On a parameter of a record, write <c>[property: Secret]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
