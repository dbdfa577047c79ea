using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ApiSvc.Gateway.Http1.Transport.Loops;

/// <summary>
/// A thread that waits for sockets and does on itself what their bytes are for. It is told of a change only once (edge
/// triggered), so that nobody asks a socket that has nothing.
/// </summary>
internal sealed unsafe class EventLoop : IDisposable
{
    private const int MostEvents = 256;
    private const long SignalKey = 0;

    [ThreadStatic]
    private static EventLoop? _current;

    private readonly SafeFileHandle _set = LinuxSockets.NewSet();
    private readonly SafeFileHandle _signal = LinuxSockets.NewSignal();
    private readonly ConcurrentQueue<LoopStream> _postponed = new();
    private readonly Lock _lock = new();
    private readonly Stack<int> _freePlaces = new();
    private readonly Thread _thread;
    private LoopStream?[] _streams = new LoopStream?[256];
    private int _places;
    private uint _generation;
    private volatile bool _isStopped;

    public EventLoop(int number)
    {
        LinuxSockets.Add(_set, _signal, LinuxSockets.Readable, SignalKey);
        _thread = new(Run) { IsBackground = true, Name = $"Sockets {number}" };
        _thread.UnsafeStart();
    }

    /// <summary>The loop whose thread this is.</summary>
    public static EventLoop? Current => _current;

    /// <summary>Waits for that socket from now on.</summary>
    /// <exception cref="IOException">The system takes no more.</exception>
    public void Add(LoopStream stream)
    {
        lock (_lock)
        {
            var place = _freePlaces.TryPop(out var free) ? free : _places++;
            if (place == _streams.Length)
            {
                var more = new LoopStream?[_streams.Length * 2];
                _streams.CopyTo(more, 0);
                Volatile.Write(ref _streams, more);
            }

            // Never the signal's, and never that of a connection that had the place before: an event may be late.
            _generation = _generation == uint.MaxValue ? 1 : _generation + 1;
            stream.Key = ((long)_generation << 32) | (uint)place;

            Volatile.Write(ref _streams[place], stream);
        }

        const uint Events =
            LinuxSockets.Readable
            | LinuxSockets.Writable
            | LinuxSockets.PeerEnded
            | LinuxSockets.EdgeTriggered;
        try
        {
            LinuxSockets.Add(_set, stream.Handle, Events, stream.Key);
        }
        catch
        {
            Remove(stream);
            throw;
        }
    }

    /// <summary>Forgets it; its socket leaves the set when it is closed.</summary>
    public void Remove(LoopStream stream)
    {
        var place = (int)stream.Key;
        lock (_lock)
        {
            if (ReferenceEquals(_streams[place], stream))
            {
                _streams[place] = null;
                _freePlaces.Push(place);
            }
        }
    }

    /// <summary>Goes on with that one after the others that have something.</summary>
    public void Postpone(LoopStream stream)
    {
        _postponed.Enqueue(stream);
        if (_current != this)
        {
            LinuxSockets.Signal(_signal);
        }
    }

    public void Dispose()
    {
        _isStopped = true;
        LinuxSockets.Signal(_signal);
        if (_current != this)
        {
            _thread.Join();
        }
    }

    private void Run()
    {
        _current = this;
        var events = (byte*)NativeMemory.Alloc(MostEvents, (nuint)LinuxSockets.EventSize);
        var context = ExecutionContext.Capture()!;
        while (!_isStopped)
        {
            var count = LinuxSockets.Wait(_set, events, MostEvents, _postponed.IsEmpty ? -1 : 0);
            for (var i = 0; i < count; i++)
            {
                var (what, key) = LinuxSockets.ReadEvent(events, i);
                if (key == SignalKey)
                {
                    LinuxSockets.Reset(_signal);
                    continue;
                }

                Find(key)?.OnEvents(what);
                // What one call has set for its own flow is not the next one's.
                ExecutionContext.Restore(context);
            }

            for (var i = _postponed.Count; i > 0 && _postponed.TryDequeue(out var stream); i--)
            {
                stream.OnEvents(LinuxSockets.Readable);
                ExecutionContext.Restore(context);
            }
        }

        NativeMemory.Free(events);
        _set.Dispose();
        _signal.Dispose();
    }

    private LoopStream? Find(long key)
    {
        var streams = Volatile.Read(ref _streams);
        var stream = Volatile.Read(ref streams[(int)key]);
        return stream?.Key == key ? stream : null;
    }
}
