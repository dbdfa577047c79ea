namespace ApiSvc.Bench.Gateway;

/// <summary>A run that is worth nothing: something did not start, or an answer was wrong.</summary>
internal sealed class BenchException(string message) : Exception(message);
