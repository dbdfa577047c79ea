global using ApiSvc.Testing;

// Processes, users and file modes are Linux' own.
[assembly: System.Runtime.Versioning.SupportedOSPlatform("linux")]

// Each starts whole suites and takes the time; those that are to run at once are started by one test.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
