namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>A state of a group: two states of one generation with different hashes come from different logs.</summary>
internal readonly record struct LogPosition(ulong Generation, StateHash Hash);
