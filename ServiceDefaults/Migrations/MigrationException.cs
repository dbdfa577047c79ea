namespace ApiSvc.ServiceDefaults.Migrations;

/// <summary>A set of migrations that cannot be applied; the message says which file and why.</summary>
public sealed class MigrationException(string message, Exception? innerException = null)
    : Exception(message, innerException);
