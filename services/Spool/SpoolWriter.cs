namespace ApiSvc.Spool;

/// <summary>Writes a record where it stays. It must be short and must not append itself: its lane waits for it.</summary>
/// <typeparam name="TState">What the record is made of.</typeparam>
/// <param name="state">What the record is made of.</param>
/// <param name="room">As long as was asked for. Its content is undefined.</param>
/// <returns>How much of the room the record takes; 0 if there is nothing to record.</returns>
public delegate int SpoolWriter<TState>(TState state, Span<byte> room)
    where TState : allows ref struct;
