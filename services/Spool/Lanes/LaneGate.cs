using System.Runtime.InteropServices;

namespace ApiSvc.Spool.Lanes;

/// <summary>
/// Lets one thread into a lane. It is held for some hundred nanoseconds, and whoever finds it held takes another lane
/// first; only where all are held does anybody wait.
/// </summary>
internal struct LaneGate
{
    private Padded _held;

    public bool TryEnter() =>
        Volatile.Read(ref _held.Value) == 0 && Interlocked.Exchange(ref _held.Value, 1) == 0;

    public void Enter()
    {
        var wait = new SpinWait();
        while (!TryEnter())
        {
            wait.SpinOnce();
        }
    }

    public void Leave() => Volatile.Write(ref _held.Value, 0);

    // A cache line of its own, with its neighbours: other cores write to other lanes at the same time.
    [StructLayout(LayoutKind.Explicit, Size = 192)]
    private struct Padded
    {
        [FieldOffset(64)]
        public int Value;
    }
}
