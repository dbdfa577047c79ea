// Processes, users and file modes are Linux' own.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
