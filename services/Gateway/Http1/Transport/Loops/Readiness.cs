namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>
/// What one direction of a socket is at, as its flow and the loop tell each other by one word. The flow says
/// <see cref="Waits"/>, the loop says <see cref="Ready"/>, and whoever turns <see cref="Waits"/> into <see cref="Nothing"/>
/// is the one to go on with what waits.
/// </summary>
internal struct Readiness(int start)
{
    public const int Nothing = 0;
    public const int Ready = 1;
    public const int Waits = 2;

    private int _state = start;

    public readonly bool IsReady => Volatile.Read(in _state) == Ready;

    public void Set(int state) => Interlocked.Exchange(ref _state, state);

    /// <returns>False where the socket got ready before.</returns>
    public bool TryWait() => Interlocked.CompareExchange(ref _state, Waits, Nothing) == Nothing;

    /// <returns>Whether something waits that is the caller's now.</returns>
    public bool TryClaim() => Interlocked.CompareExchange(ref _state, Nothing, Waits) == Waits;

    /// <summary>By the loop: the socket is ready.</summary>
    /// <returns>Whether something waits that is to go on; it is the loop's now.</returns>
    public bool OnReady()
    {
        while (true)
        {
            var state = Volatile.Read(ref _state);
            var next = state == Waits ? Nothing : Ready;
            if (state == next || Interlocked.CompareExchange(ref _state, next, state) == state)
            {
                return state == Waits;
            }
        }
    }
}
