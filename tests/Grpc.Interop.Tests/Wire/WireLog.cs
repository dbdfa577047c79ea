namespace ApiSvc.Interop.Wire;

internal enum Direction
{
    ToServer,
    ToClient,
}

/// <summary>What went over the relayed connections, read off the frames and so independent of any gRPC code.</summary>
internal sealed class WireLog
{
    private readonly Lock _lock = new();
    private readonly HashSet<(int Connection, int Stream)> _open = [];
    private readonly HashSet<(Direction, int Connection, int Stream)> _begun = [];
    private readonly HashSet<Direction> _compressed = [];
    private readonly Dictionary<Direction, long> _dataBytes = [];

    public int Connections { get; private set; }

    /// <summary>The most streams that were open at the same time.</summary>
    public int PeakStreams { get; private set; }

    /// <summary>Whether a message with the compressed flag went that way.</summary>
    public bool Compressed(Direction direction)
    {
        lock (_lock)
        {
            return _compressed.Contains(direction);
        }
    }

    public long DataBytes(Direction direction)
    {
        lock (_lock)
        {
            return _dataBytes.GetValueOrDefault(direction);
        }
    }

    public int Connected()
    {
        lock (_lock)
        {
            return ++Connections;
        }
    }

    public void Add(int connection, Direction direction, in Http2Frame frame)
    {
        lock (_lock)
        {
            var stream = (connection, frame.Stream);
            if (direction == Direction.ToServer && frame.Type == FrameType.Headers)
            {
                _open.Add(stream);
                PeakStreams = Math.Max(PeakStreams, _open.Count);
            }

            if (frame.Type == FrameType.Data && frame.FirstDataByte is { } first)
            {
                _dataBytes[direction] =
                    _dataBytes.GetValueOrDefault(direction) + frame.Payload.Length;
                // The first byte on a stream is the flag of its first message.
                if (_begun.Add((direction, connection, frame.Stream)) && first == 1)
                {
                    _compressed.Add(direction);
                }
            }

            if (
                frame.Type == FrameType.ResetStream
                || (direction == Direction.ToClient && frame.EndsStream)
            )
            {
                _open.Remove(stream);
            }
        }
    }
}
