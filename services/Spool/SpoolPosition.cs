using System.Runtime.InteropServices;

namespace ApiSvc.Spool;

/// <summary>Where a record is: with the spool's id, what consumers know a repeat by.</summary>
/// <param name="Lane">Its lane, from 0.</param>
/// <param name="Sequence">Its number in the lane, from 1. A number that is missing is a record that was dropped.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SpoolPosition(int Lane, ulong Sequence);
