using System.Runtime.InteropServices;

namespace ApiSvc.Analytics.Ingest;

/// <summary>A lane of a spool: what numbers calls.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct LaneKey(Guid Spool, uint Lane);
