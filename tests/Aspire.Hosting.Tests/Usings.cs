global using Aspire.Hosting;
global using Aspire.Hosting.Testing;
global using Microsoft.Extensions.DependencyInjection;

// Processes, signals and file modes are Linux' own.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]
