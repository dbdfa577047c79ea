using System.Globalization;
using ApiSvc.Bench.Gateway.Load;

namespace ApiSvc.Bench.Gateway.Measuring;

/// <summary>What one turn of a contender gave.</summary>
/// <param name="Load">What the sender saw.</param>
/// <param name="Cpu">Processor time of the proxy and its processes.</param>
/// <param name="Stolen">Time that a virtual machine's host gave to others, of all processors together.</param>
internal sealed record Turn(LoadResult Load, TimeSpan Cpu, TimeSpan Stolen = default)
{
    /// <summary>Processor time a call, in microseconds.</summary>
    public double CpuUs => Cpu.TotalMicroseconds / Load.Calls;

    public override string ToString() =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"{CpuUs:0.0} µs a call, {Load.PerSecond:0} a second, p99 {Load.P99:0} µs, {Stolen.TotalMilliseconds:0} ms stolen"
        );
}
