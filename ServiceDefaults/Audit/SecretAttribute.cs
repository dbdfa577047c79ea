namespace ApiSvc.ServiceDefaults.Audit;

/// <summary>
/// Marks a property whose value never gets into the audit log: <c>***</c> stands for it. On a parameter of a record,
/// write <c>[property: Secret]</c>.
/// </summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class SecretAttribute : Attribute;
