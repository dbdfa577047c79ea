using ApiSvc.Bench.Gateway.Load;

namespace ApiSvc.Bench.Gateway.Measuring;

/// <summary>What one turn of a contender gave.</summary>
/// <param name="Load">What the sender saw.</param>
/// <param name="Cpu">Processor time of the proxy and its processes.</param>
internal sealed record Turn(LoadResult Load, TimeSpan Cpu)
{
    /// <summary>Processor time a call, in microseconds.</summary>
    public double CpuUs => Cpu.TotalMicroseconds / Load.Calls;
}
