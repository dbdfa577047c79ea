using System.Runtime.InteropServices;

namespace ApiSvc.ServiceDefaults.Sync;

/// <summary>A state of a group: two states of one generation with different hashes come from different logs.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LogPosition(ulong Generation, StateHash Hash);
